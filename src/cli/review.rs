//! `review`: the report in a browser, with buttons for decisions.

use std::path::Path;

use super::{complain, private, say};
use crate::outcome::Outcome;
use crate::review::Review;

pub(super) fn run(folder: &Path, port: u16, no_open: bool) -> anyhow::Result<Outcome> {
    private::owner_only();
    let review = Review::open(folder, port)?;
    let address = review.address();
    say(&format!(
        "请在本机浏览器中打开：\n{address}\n决定写在报告文件夹的 decisions.csv 里；再运行一次 audit，清单、汇总和通知书按决定更新。\n看完后按 Ctrl-C 结束。\n"
    ))?;
    if !no_open && let Err(e) = open::that_detached(review.door()) {
        complain(&format!("没能自动打开浏览器（{e}），请复制上面的地址"));
    }
    review.serve()?;
    Ok(Outcome::Done)
}
