use super::*;

fn opened(dir: &Path, by: &str) -> Cache {
    Cache::open(dir, by, DEFAULT_LIMIT).expect("a temporary folder is writable")
}

fn hash() -> ContentHash {
    ContentHash(hex(&Sha256::digest(b"a file")))
}

#[test]
fn stored_is_found_again_and_only_under_the_same_observation() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let cache = opened(dir.path(), "v1");
    assert_eq!(cache.page_count(&hash()), None);
    cache.store_page_count(&hash(), 7);
    assert_eq!(cache.page_count(&hash()), Some(7));
    assert_eq!(opened(dir.path(), "v1").page_count(&hash()), Some(7));
    assert_eq!(opened(dir.path(), "v2").page_count(&hash()), None);
}

#[test]
fn truncated_or_altered_entry_is_a_miss() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let cache = opened(dir.path(), "v1");
    cache.store_page_count(&hash(), 17);
    let path = cache.entry(&hash(), "pages");
    let whole = fs::read(&path).expect("just written");
    for damaged in [&whole[..0], &whole[..10], &whole[..whole.len() - 1]] {
        fs::write(&path, damaged).expect("writable");
        assert_eq!(cache.page_count(&hash()), None);
    }
    let mut altered = whole;
    *altered.last_mut().expect("not empty") = b'8';
    fs::write(&path, altered).expect("writable");
    assert_eq!(cache.page_count(&hash()), None);
}

#[test]
fn clean_removes_only_a_tagged_folder() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let foreign = dir.path().join("foreign");
    fs::create_dir(&foreign).expect("created");
    fs::write(foreign.join("mine.txt"), "keep").expect("written");
    assert!(matches!(Cache::clean(&foreign), Err(CacheError::Foreign(_))));
    assert!(foreign.join("mine.txt").exists());
    let ours = dir.path().join("ours");
    opened(&ours, "v1").store_page_count(&hash(), 1);
    assert_eq!(Cache::clean(&ours).expect("removed"), 3);
    assert!(!ours.exists());
}

/// Makes an entry look as if it was last used `days` ago.
fn age(path: &Path, days: u64) {
    let then = SystemTime::now() - Duration::from_secs(days * 24 * 3600);
    File::options().append(true).open(path).and_then(|f| f.set_modified(then)).expect("ours");
}

fn numbered(n: usize) -> ContentHash {
    ContentHash(hex(&Sha256::digest(n.to_le_bytes())))
}

#[test]
fn what_was_unused_for_longest_goes_first() {
    let dir = tempfile::tempdir().expect("temporary folder");
    // Ten entries of one disk block each fit.
    let cache = Cache::open(dir.path(), "v1", 10 * 4096).expect("writable");
    let old = opened(dir.path(), "an older version");
    old.store_page_count(&numbered(99), 1);
    age(&old.entry(&numbered(99), "pages"), 40);
    for n in 0..12 {
        write(&cache.entry(&numbered(n), "pages"), n.to_string().as_bytes()).expect("written");
        age(&cache.entry(&numbered(n), "pages"), 30 - n as u64);
    }
    // Read again, the two oldest are the youngest.
    assert_eq!((cache.page_count(&numbered(0)), cache.page_count(&numbered(1))), (Some(0), Some(1)));
    cache.stored.store(1, Ordering::Relaxed);
    cache.trim();
    assert_eq!(old.page_count(&numbered(99)), None, "an older version's entries count and go too");
    let kept: Vec<usize> = (0..12).filter(|n| cache.page_count(&numbered(*n)).is_some()).collect();
    assert_eq!(kept, [0, 1, 5, 6, 7, 8, 9, 10, 11], "nine tenths of the bound are left");
    assert!(!old.version.exists(), "an emptied folder goes");
    old.store_page_count(&numbered(99), 3);
    assert_eq!(old.page_count(&numbered(99)), Some(3), "and comes back");
}

#[test]
fn the_bound_holds_while_a_run_stores() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let limit = 40 * 4096;
    let cache = Cache::open(dir.path(), "v1", limit).expect("writable");
    for n in 0..200 {
        cache.store_page_count(&numbered(n), 1);
        let held: u64 = walk(&cache.version).iter().map(|p| trim::on_disk(fs::metadata(p).expect("there").len())).sum();
        assert!(held <= limit + limit / SLACK + 4096, "{held}");
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn what_a_killed_process_left_goes_after_a_day() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let cache = opened(dir.path(), "v1");
    cache.store_page_count(&hash(), 7);
    let shard = cache.entry(&hash(), "pages").parent().expect("a folder").to_owned();
    let (fresh, left) = (shard.join(".tmpFresh"), shard.join(".tmpLeft"));
    for path in [&fresh, &left] {
        fs::write(path, "half").expect("writable");
    }
    age(&left, 2);
    cache.trim();
    assert!(fresh.exists() && !left.exists());
    assert_eq!(cache.page_count(&hash()), Some(7));
}

#[test]
fn cleaning_under_a_running_audit_loses_nothing_but_time() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let root = dir.path().join("cache");
    let cache = opened(&root, "v1");
    cache.store_page_count(&hash(), 7);
    Cache::clean(&root).expect("removed");
    assert_eq!(cache.page_count(&hash()), None);
    cache.store_page_count(&hash(), 7);
    assert_eq!(cache.page_count(&hash()), Some(7));
    assert!(Cache::clean(&root).expect("removed") > 0, "it is marked as ours again");
    assert!(!root.exists());
}

#[test]
fn pictures_are_kept_whole_or_not_at_all() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let cache = opened(dir.path(), "v1");
    assert_eq!(cache.picture(&hash(), "1-t1.jpg"), None);
    cache.store_picture(&hash(), "1-t1.jpg", b"\xff\xd8 a picture");
    assert_eq!(cache.picture(&hash(), "1-t1.jpg").as_deref(), Some(&b"\xff\xd8 a picture"[..]));
    let path = cache.entry(&hash(), "1-t1.jpg");
    let kept = fs::read(&path).expect("stored");
    fs::write(&path, &kept[..kept.len() - 1]).expect("writable");
    assert_eq!(cache.picture(&hash(), "1-t1.jpg"), None);
}
