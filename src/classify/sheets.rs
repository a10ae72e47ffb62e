//! Sheets photographed into a file each: 工作总结-1.jpg and 工作总结-2.jpg are one document as its pages in one file are.

use super::heading::View;
use crate::model::packet::PageRecord;

/// A name says what the sheets are; IMG_0001 is only the camera's count.
const NAMING: usize = 2;
/// Pictures that cover so much of a sheet are each a thing of their own.
const PICTURES: f32 = 0.12;

/// For every page whether its file only carries on the count of the file before, both of them single sheets of text.
pub(super) fn carried_on(pages: &[PageRecord], views: &[View]) -> Vec<bool> {
    let single = |page: usize| {
        let file = &pages[page].file;
        (page == 0 || pages[page - 1].file != *file) && pages.get(page + 1).is_none_or(|next| next.file != *file)
    };
    let follows = |page: usize| {
        let view = &views[page];
        page > 0
            && single(page)
            && single(page - 1)
            && !view.body.is_empty()
            && !view.portrait
            && view.pictures < PICTURES
            && is_next(&pages[page - 1].file, &pages[page].file)
    };
    (0..pages.len()).map(follows).collect()
}

/// Whether the second file's name is the first's with the next number at its end; the first may bear none (报告, 报告2).
fn is_next(before: &str, file: &str) -> bool {
    let ((base, count), (own, number)) = (counted(stem(before)), counted(stem(file)));
    let named = own.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count() >= NAMING;
    named && base == own && number.is_some_and(|n| count.unwrap_or(1).checked_add(1) == Some(n))
}

fn stem(file: &str) -> &str {
    let folder = file.rfind('/').map_or(0, |i| i + 1);
    file[folder..].rfind('.').map_or(file, |dot| &file[..folder + dot])
}

/// A name without the number at its end, and that number: 报告-2, 报告（2）, 报告_02 and 报告第2页 are 报告 and 2.
fn counted(stem: &str) -> (&str, Option<u32>) {
    let whole = stem.trim_end();
    let closed = whole.trim_end_matches(['）', ')', '页', '张']);
    let base = closed.trim_end_matches(|c: char| c.is_ascii_digit());
    match closed[base.len()..].parse() {
        Ok(number) => (base.trim_end_matches(['（', '(', '第', '-', '_', '—', '.', ' ']), Some(number)),
        Err(_) => (whole, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_at_the_end_of_a_name() {
        assert!(is_next("3技术总结报告-1.jpg", "3技术总结报告-2.jpg"));
        assert!(is_next("论文/综述（9）.png", "论文/综述（10）.png"));
        assert!(is_next("论文第1页.jpg", "论文第2页.jpg"));
        assert!(is_next("论文.jpg", "论文_02.jpg"));
        assert!(!is_next("论文1.jpg", "论文3.jpg"), "a sheet is missing between them");
        assert!(!is_next("甲/论文1.jpg", "乙/论文2.jpg"));
        assert!(!is_next("IMG_0001.jpg", "IMG_0002.jpg"), "the camera counts whatever it takes");
        assert!(!is_next("1评审表.jpg", "2工作总结.jpg"));
        assert!(!is_next("论文.jpg", "论文.png"));
    }
}
