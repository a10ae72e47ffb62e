//! Whether parts belong together and are all there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::manifest::{FOLDER, Manifest, Unusable};
use super::split::Shard;
use super::store::Store;

/// Parts named one by one in a message.
const NAMED: usize = 20;

/// Something that keeps parts from being merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where; nothing where no folder is meant.
    pub folders: Vec<PathBuf>,
    /// In plain Chinese: what it is and what to do.
    pub reason: String,
}

/// A part that is whole.
#[derive(Debug)]
pub struct Opened {
    pub folder: PathBuf,
    pub manifest: Manifest,
    pub store: Store,
}

/// Opens the parts of one batch, in their order.
///
/// # Errors
/// Everything that is wrong, at once: folders that are no part, unfinished, doubled, missing, or of another batch or
/// setting than the first.
pub fn open_all(folders: &[PathBuf]) -> Result<Vec<Opened>, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut parts: BTreeMap<Shard, Opened> = BTreeMap::new();
    let mut named: BTreeMap<Shard, PathBuf> = BTreeMap::new();
    let mut first: Option<(PathBuf, Manifest)> = None;
    for folder in folders {
        let at = |reason: String| Wrong { folders: vec![folder.clone()], reason };
        let manifest = match Manifest::read(folder) {
            Ok(manifest) => manifest,
            Err(why) => {
                wrong.push(at(unusable(folder, why)));
                continue;
            }
        };
        let shard = manifest.shard;
        if let Some(before) = named.insert(shard, folder.clone()) {
            let reason = format!("都是分片 {shard}，只能给一次。请去掉其中一个");
            wrong.push(Wrong { folders: vec![before, folder.clone()], reason });
            continue;
        }
        if !manifest.finished {
            wrong.push(at(format!("分片 {shard} 没有完成。请再运行一次这个分片（已读过的页面不会重读），然后再合并")));
            continue;
        }
        match &first {
            Some((one, other)) if let Some(reason) = differing(&manifest, other) => {
                wrong.push(Wrong { folders: vec![folder.clone(), one.clone()], reason });
                continue;
            }
            Some(_) => {}
            None => first = Some((folder.clone(), manifest.clone())),
        }
        match Store::open(&folder.join(FOLDER)) {
            Ok(store) => {
                parts.insert(shard, Opened { folder: folder.clone(), manifest, store });
            }
            Err(e) => {
                wrong.push(at(format!("分片 {shard} 的数据不完整（{e}）。请检查是否复制完整，或再运行一次这个分片")))
            }
        }
    }
    if let Some((_, one)) = &first {
        missing(one.shard.of, &named, &mut wrong);
        if wrong.is_empty() {
            uncovered(one.packets, &parts, &mut wrong);
        }
    }
    if wrong.is_empty() { Ok(parts.into_values().collect()) } else { Err(wrong) }
}

fn unusable(folder: &Path, why: Unusable) -> String {
    match why {
        Unusable::None if !folder.is_dir() => "没有这个文件夹。请检查路径",
        Unusable::None if folder.join("run.json").is_file() => {
            "是一份完整的报告，不是分片。请给出 audit --shard 写出的文件夹"
        }
        Unusable::None => "不是分片报告（没有 shard.json）。请给出 audit --shard 写出的文件夹",
        Unusable::Unreadable => "分片记录 shard.json 读不出或已损坏。请再运行一次这个分片",
        Unusable::OtherFormat => "由另一版本的程序写出。请用同一版本的程序运行全部分片，再合并",
    }
    .to_owned()
}

fn differing(this: &Manifest, first: &Manifest) -> Option<String> {
    if this.shard.of != first.shard.of {
        return Some(format!("一个分了 {} 片，一个分了 {} 片，不属于同一次审核", this.shard.of, first.shard.of));
    }
    let names = this.setting.differing(&first.setting);
    (!names.is_empty() || this.packets != first.packets || this.report != first.report).then(|| {
        let what = if names.is_empty() { "报告设置".to_owned() } else { names.join("、") };
        format!("两个分片的{what}不同，不能合成一份报告。请用同样的材料和选项重新运行其中一个（已读过的页面不会重读）")
    })
}

fn missing(of: usize, named: &BTreeMap<Shard, PathBuf>, wrong: &mut Vec<Wrong>) {
    let absent: Vec<String> = (1..=of)
        .map(|number| Shard { number, of })
        .filter(|shard| !named.contains_key(shard))
        .map(|shard| shard.to_string())
        .collect();
    if absent.is_empty() {
        return;
    }
    let more = if absent.len() > NAMED { format!(" 等 {} 片", absent.len()) } else { String::new() };
    let reason = format!(
        "缺少分片 {}{more}。请把它们的文件夹也写上；还没有运行的，先用 audit --shard 运行",
        absent[..absent.len().min(NAMED)].join("、")
    );
    wrong.push(Wrong { folders: Vec::new(), reason });
}

/// Each packet is in exactly one part.
fn uncovered(packets: usize, parts: &BTreeMap<Shard, Opened>, wrong: &mut Vec<Wrong>) {
    let mut held = vec![0_usize; packets];
    let mut beyond = false;
    for entry in parts.values().flat_map(|part| part.store.entries()) {
        match held.get_mut(entry.at) {
            Some(times) => *times += 1,
            None => beyond = true,
        }
    }
    if beyond || held.iter().any(|times| *times != 1) {
        let whole = held.iter().filter(|times| **times == 1).count();
        let reason = format!("共有 {packets} 份材料，各分片里正好出现一次的只有 {whole} 份。请重新运行全部分片");
        wrong.push(Wrong { folders: Vec::new(), reason });
    }
}

#[cfg(test)]
mod tests {
    use super::super::manifest::Setting;
    use super::super::store::Lines;
    use super::*;

    /// Part `number` of three, with the packets given.
    fn part(root: &Path, name: &str, number: usize, packets: &[usize], date: &str) -> PathBuf {
        let folder = root.join(name);
        let mut store = Store::create(&folder.join(FOLDER)).expect("writable");
        for at in packets {
            store.put(*at, Lines::Packet, b"{}").expect("put");
        }
        store.seal().expect("sealed");
        let setting = Setting::default().with("规则包", [&b"p"[..]]).with("判断日期", [date.as_bytes()]);
        let shard = Shard { number, of: 3 };
        let mut manifest = Manifest::begun(shard, 4, setting, serde_json::Value::Null);
        manifest.finished = true;
        manifest.write(&folder).expect("written");
        folder
    }

    fn told(folders: &[PathBuf]) -> Vec<(usize, String)> {
        open_all(folders).map_or_else(|w| w.into_iter().map(|w| (w.folders.len(), w.reason)).collect(), |_| Vec::new())
    }

    #[test]
    fn whatever_keeps_parts_from_being_merged_is_told() {
        let dir = tempfile::tempdir().expect("made");
        let root = dir.path();
        let one = part(root, "1", 1, &[0, 3], "2024");
        let two = part(root, "2", 2, &[1], "2024");
        let three = part(root, "3", 3, &[2], "2024");
        let parts = open_all(&[three.clone(), one.clone(), two.clone()]).expect("whole");
        assert_eq!(parts.iter().map(|p| p.manifest.shard.number).collect::<Vec<_>>(), [1, 2, 3]);

        let only = |folders: &[&PathBuf]| {
            let folders: Vec<PathBuf> = folders.iter().map(|f| (*f).clone()).collect();
            let mut told = told(&folders);
            assert_eq!(told.len(), 1, "{told:?}");
            told.remove(0)
        };
        let (at, reason) = only(&[&one, &three]);
        assert!(at == 0 && reason.contains("缺少分片 2/3"), "{reason}");
        let again = part(root, "again", 2, &[1], "2024");
        let (at, reason) = only(&[&one, &two, &three, &again]);
        assert!(at == 2 && reason.contains("都是分片 2/3"), "{reason}");
        let later = part(root, "later", 2, &[1], "2025");
        let (at, reason) = only(&[&one, &later, &three]);
        assert!(at == 2 && reason.contains("判断日期不同"), "{reason}");
        let twice = part(root, "twice", 2, &[1, 2], "2024");
        assert!(only(&[&one, &twice, &three]).1.contains("正好出现一次的只有 3 份"));

        let mut begun = Manifest::read(&two).expect("whole");
        begun.finished = false;
        begun.write(&two).expect("written");
        let (at, reason) = only(&[&one, &two, &three]);
        assert!(at == 1 && reason.contains("分片 2/3 没有完成"), "{reason}");

        let report = root.join("report");
        std::fs::create_dir(&report).expect("made");
        std::fs::write(report.join("run.json"), "{}").expect("written");
        assert!(only(&[&one, &again, &three, &report]).1.contains("完整的报告"));
        assert!(only(&[&one, &again, &three, &root.join("nowhere")]).1.contains("没有这个文件夹"));
        std::fs::write(report.join("shard.json"), "{\"format\": 99}").expect("written");
        assert!(only(&[&one, &again, &three, &report]).1.contains("另一版本"));
        std::fs::write(again.join(FOLDER).join("packets.jsonl"), "").expect("written");
        assert!(only(&[&one, &again, &three]).1.contains("数据不完整"));
    }
}
