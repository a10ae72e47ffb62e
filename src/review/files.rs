//! Which files of the report are handed out, and the script that a page gets on the way.

use std::fs;
use std::path::{Component, Path, PathBuf};

pub(super) const INDEX: &str = "index.html";
/// What of the report's folder may be looked at.
const SHOWN: [&str; 8] = [INDEX, "summary.csv", "assets", "pages", "evidence", "letters", "applicants", "annotated"];
/// Not a file of the report: the program's own, so that a report from disk stays without it.
const SCRIPT: (&str, &str) = ("review/review.js", include_str!("review.js"));
const STYLE: (&str, &str) = ("review/review.css", include_str!("review.css"));

/// A file's media type and bytes, by its address under the token; none where there is none to be shown.
pub(super) fn read(report: &Path, address: &str) -> Option<(&'static str, Vec<u8>)> {
    for (name, text) in [SCRIPT, STYLE] {
        if address == name {
            return Some((kind(Path::new(name))?, text.as_bytes().to_vec()));
        }
    }
    let path = place(report, address)?;
    let kind = kind(&path)?;
    let bytes = fs::read(&path).ok()?;
    let is_page = address == INDEX || address.starts_with("pages/");
    Some((kind, if is_page { with_script(&bytes, address) } else { bytes }))
}

/// Where the address lies in the report, links followed; none outside of what may be shown.
fn place(report: &Path, address: &str) -> Option<PathBuf> {
    let relative = Path::new(address);
    let plain = |part: Component<'_>| match part {
        Component::Normal(name) => name.to_str().is_some_and(|n| !n.starts_with('.') && !n.contains([':', '\\'])),
        _ => false,
    };
    let first = relative.components().next()?.as_os_str().to_str()?;
    if !SHOWN.contains(&first) || !relative.components().all(plain) {
        return None;
    }
    let path = report.join(relative).canonicalize().ok()?;
    (path.starts_with(report) && path.is_file()).then_some(path)
}

fn kind(path: &Path) -> Option<&'static str> {
    Some(match path.extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "pdf" => "application/pdf",
        _ => return None,
    })
}

/// The page with the script and style of the buttons at its head's end.
fn with_script(page: &[u8], address: &str) -> Vec<u8> {
    const HEAD: &[u8] = b"</head>";
    let Some(at) = page.windows(HEAD.len()).position(|part| part == HEAD) else { return page.to_vec() };
    let root = "../".repeat(address.matches('/').count());
    let (script, style) = (SCRIPT.0, STYLE.0);
    let added = format!(
        "<link rel=\"stylesheet\" href=\"{root}{style}\"><script src=\"{root}{script}\" data-root=\"{root}\" defer></script>"
    );
    [&page[..at], added.as_bytes(), &page[at..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_reports_own_files_are_shown() {
        let dir = tempfile::tempdir().expect("made");
        let report = dir.path().join("report");
        fs::create_dir_all(report.join("pages")).expect("made");
        for (name, text) in [
            ("index.html", "<head></head>"),
            ("pages/张三.html", "<head></head>x"),
            (".decisions.lock", ""),
            ("facts.jsonl", "{}"),
            ("pages/.hidden.html", ""),
        ] {
            fs::write(report.join(name), text).expect("written");
        }
        fs::write(dir.path().join("secret.html"), "secret").expect("written");
        let report = report.canonicalize().expect("there");
        let page = String::from_utf8(read(&report, "pages/张三.html").expect("shown").1).expect("text");
        assert!(page.contains("src=\"../review/review.js\"") && page.ends_with("</head>x"), "{page}");
        let index = String::from_utf8(read(&report, "index.html").expect("shown").1).expect("text");
        assert!(index.contains("src=\"review/review.js\""), "{index}");
        assert!(read(&report, "review/review.js").is_some());
        for address in [
            "",
            ".",
            "..",
            "../secret.html",
            "pages/../../secret.html",
            "/etc/passwd",
            "pages//etc/passwd",
            "pages\\..\\..\\secret.html",
            "C:\\secret.html",
            "facts.jsonl",
            ".decisions.lock",
            "pages/.hidden.html",
            "pages",
            "pages/none.html",
        ] {
            assert!(read(&report, address).is_none(), "{address:?}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(dir.path().join("secret.html"), report.join("pages/link.html")).expect("linked");
            assert!(read(&report, "pages/link.html").is_none(), "a link out of the report");
        }
    }
}
