//! What lies in a folder besides files, and what files may be called.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use image::ImageFormat;

use crate::codecs::encoded;
use crate::packets::{Expect, File, Packet};

/// Makes the packets in the folder of submissions; `outside` is no part of them.
pub(crate) fn make(submissions: &Path, outside: &Path) -> Vec<Packet> {
    fs::write(outside.join("secret.png"), encoded(ImageFormat::Png)).expect("writable");
    let mut packets = vec![special(submissions, outside), closed(submissions), named(submissions), nested(submissions)];
    // Beside the packets' folders, too.
    symlink(outside, submissions.join("linked-packet")).expect("linked");
    packets.push(expected("linked-packet", &[("linked-packet", Expect::Whole("io"))]));
    pipe(&submissions.join("pipe-beside"));
    packets
}

fn expected(name: &'static str, files: &[(&str, Expect)]) -> Packet {
    let file =
        |(name, expect): &(&str, Expect)| File { name: (*name).into(), bytes: Vec::new(), expect: expect.clone() };
    Packet { name, files: files.iter().map(file).collect() }
}

fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("mkfifo runs");
    assert!(made.success());
}

/// Links out and in a ring, a pipe, a socket, a device.
fn special(submissions: &Path, outside: &Path) -> Packet {
    let folder = submissions.join("special");
    fs::create_dir(&folder).expect("writable");
    fs::write(folder.join("sound.png"), encoded(ImageFormat::Png)).expect("writable");
    symlink(outside.join("secret.png"), folder.join("link.png")).expect("linked");
    symlink(outside, folder.join("link-to-folder")).expect("linked");
    symlink(&folder, folder.join("ring")).expect("linked");
    pipe(&folder.join("pipe.pdf"));
    // A socket's path may be only some 100 bytes long; from inside the folder it is.
    let socket = std::env::temp_dir().join(format!("damage-{}", std::process::id()));
    drop(UnixListener::bind(&socket).expect("bound"));
    let moved = fs::rename(&socket, folder.join("socket.pdf"));
    let whole = || Expect::Whole("io");
    let mut files = vec![
        ("sound.png", Expect::Pages(vec!["good"])),
        ("link.png", whole()),
        ("link-to-folder", whole()),
        ("ring", whole()),
        ("pipe.pdf", whole()),
    ];
    match moved {
        Ok(()) => files.push(("socket.pdf", whole())),
        Err(e) => {
            println!("no socket among the special files: {e}");
            let _ = fs::remove_file(&socket);
        }
    }
    let device = Command::new("mknod").arg(folder.join("device.pdf")).args(["c", "1", "5"]).output();
    if device.is_ok_and(|made| made.status.success()) {
        files.push(("device.pdf", whole()));
    } else {
        println!("no device among the special files: this user may not make one");
    }
    expected("special", &files)
}

/// A folder and a file that must not be read.
fn closed(submissions: &Path) -> Packet {
    let folder = submissions.join("closed");
    fs::create_dir_all(folder.join("folder")).expect("writable");
    fs::write(folder.join("file.png"), encoded(ImageFormat::Png)).expect("writable");
    let close = |name: &str| fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o000)).expect("ours");
    close("folder");
    close("file.png");
    if fs::read_dir(folder.join("folder")).is_ok() {
        println!("closed folders and files are not tested: this user may read everything");
        return expected("closed", &[("file.png", Expect::Pages(vec!["good"]))]);
    }
    expected("closed", &[("folder", Expect::Whole("io")), ("file.png", Expect::Whole("io"))])
}

/// Lets a later run remove what [`closed`] made.
pub(crate) fn open_again(submissions: &Path) {
    let closed = submissions.join("closed/folder");
    let _ = fs::set_permissions(closed, fs::Permissions::from_mode(0o700));
}

fn named(submissions: &Path) -> Packet {
    let folder = submissions.join("named");
    fs::create_dir(&folder).expect("writable");
    let longest = format!("{}.png", "长".repeat(83));
    let names = [
        longest.as_str(),
        "CON.png",
        "a\x1b[2J\x07.png",
        "报告\u{202e}gnp.exe",
        "x<>:\"|?*.png",
        "=cmd|' !A0.png",
        "new\nline.png",
        " .png",
    ];
    let mut files: Vec<(&str, Expect)> = Vec::new();
    for name in names {
        fs::write(folder.join(name), encoded(ImageFormat::Png)).expect("writable");
        files.push((name, Expect::Pages(vec!["good"])));
    }
    // 照片, as Windows of old wrote it.
    let gbk = OsString::from_vec(b"\xD5\xD5\xC6\xAC.png".to_vec());
    if fs::write(folder.join(gbk), encoded(ImageFormat::Png)).is_ok() {
        files.push(("照片.png", Expect::Pages(vec!["good"])));
    }
    expected("named", &files)
}

fn nested(submissions: &Path) -> Packet {
    let deep = (0..40).fold(submissions.join("nested"), |folder, _| folder.join("d"));
    fs::create_dir_all(&deep).expect("writable");
    fs::write(deep.join("a.png"), encoded(ImageFormat::Png)).expect("writable");
    let shown = ["d"; 33].join("/");
    expected("nested", &[(shown.as_str(), Expect::Whole("over-limit"))])
}

/// Packets' own names, some of which no file system elsewhere would store.
pub(crate) const PACKET_NAMES: [&str; 6] = ["=1+1", "CON", "a\x1b[2J", "甲\u{202e}乙", "new\nline", "x?*<>|\""];

pub(crate) fn longest_packet_name() -> String {
    "长".repeat(85)
}
