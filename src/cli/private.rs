//! What this process writes and says of persons stays with its user.

use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};

/// From here on every file and folder made by this process and its children is its user's alone (0600, 0700), and no
/// crash dumps memory to the disk. Windows gives new files their folder's rights and writes no dumps by itself.
pub(super) fn owner_only() {
    #[cfg(unix)]
    {
        use nix::sys::stat::{Mode, umask};
        umask(Mode::S_IRWXG | Mode::S_IRWXO);
        // Without it there is no dump where the system makes none.
        let _ = rlimit::setrlimit(rlimit::Resource::CORE, 0, 0);
    }
}

/// A panic's message may quote the document in hand, and stderr is often a log: only the place in the program is told.
pub(super) fn quiet_panics() {
    panic::set_hook(Box::new(|info| {
        let _ = writeln!(io::stderr().lock(), "{}", told(info));
    }));
}

fn told(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map_or_else(|| "位置不明".to_owned(), |at| format!("{}:{}", at.file(), at.line()));
    format!("程序内部出错（{place}）。请把这一行告诉程序的维护者；里面没有材料的内容。")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const SECRET: &str = "张三的身份证号";

    /// Run by the test below in a process of its own, as the hook is the whole process's.
    #[test]
    #[ignore = "panics on purpose"]
    fn panics() {
        quiet_panics();
        let name = SECRET.to_owned();
        assert!(!name.is_char_boundary(1));
        let _ = panic::catch_unwind(|| name[..1].to_owned());
        let _ = panic::catch_unwind(|| "x".parse::<u32>().expect(SECRET));
    }

    #[test]
    fn a_panic_tells_its_place_and_nothing_of_the_document() {
        let this = std::env::current_exe().expect("a test");
        let done = Command::new(this)
            .args(
                ["--ignored", "--exact", "--nocapture", concat!(module_path!(), "::panics")]
                    .map(|a| a.trim_start_matches("material_audit::").to_owned()),
            )
            .output()
            .expect("it starts");
        let said = String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success() && said.contains("1 passed"), "{said}");
        assert_eq!(said.matches("程序内部出错（").count(), 2, "{said}");
        assert!(said.contains("private.rs:") && !said.contains("张三") && !said.contains("身份证"), "{said}");
    }
}
