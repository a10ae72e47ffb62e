//! The letters' templates: ours, or the office's own.

use std::fs;
use std::path::{Path, PathBuf};

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use thiserror::Error;

use super::super::escape::visible;
use super::{Addressee, Item, Letter, Notice};

/// The built-in templates with the names under which they are written out.
pub const DEFAULTS: [(&str, &str); 2] =
    [("补正通知书.html", include_str!("letter.html")), ("短通知.txt", include_str!("letter.txt"))];

const HTML: &str = "letter.html";
const TEXT: &str = "letter.txt";

/// Why a template can't be used.
#[derive(Debug, Error)]
pub enum TemplateError {
    #[error("无法读取信函模板“{}”：{reason}。", visible(&.path.to_string_lossy()))]
    Unreadable { path: PathBuf, reason: String },
    #[error("信函模板“{}”应是 .html（打印的补正通知书）或 .txt（发在聊天软件里的短通知）。先用 material-audit letter-template 写出一份再改。", visible(&.0.to_string_lossy()))]
    Kind(PathBuf),
    #[error("信函模板“{}”的编码不对，请用记事本另存为 UTF-8。", visible(&.0.to_string_lossy()))]
    Encoding(PathBuf),
    #[error("信函模板“{}”{}{reason}", visible(.name), .line.map(|n| format!("第 {n} 行：")).unwrap_or_else(|| "：".to_owned()))]
    Wrong { name: String, line: Option<usize>, reason: String },
}

/// Both templates, compiled.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    /// As errors name them.
    names: [String; 2],
    sources: [String; 2],
}

impl Templates {
    /// The built-in ones, each replaced by the file given for it: `.html` for the printed letter, `.txt` for the message.
    ///
    /// # Errors
    /// Where a file can't be read, is neither, or is no template.
    pub fn load(replaced: &[PathBuf]) -> Result<Self, TemplateError> {
        let mut names = DEFAULTS.map(|(name, _)| name.to_owned());
        let mut sources = DEFAULTS.map(|(_, source)| source.to_owned());
        for path in replaced {
            let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
            let at = match extension.as_str() {
                "html" | "htm" => 0,
                "txt" => 1,
                _ => return Err(TemplateError::Kind(path.clone())),
            };
            sources[at] = read(path)?;
            names[at] = path.to_string_lossy().into_owned();
        }
        Self::of(sources, names)
    }

    /// Those that another process loaded.
    ///
    /// # Errors
    /// Where one is no template.
    pub fn from_sources(sources: [String; 2]) -> Result<Self, TemplateError> {
        Self::of(sources, DEFAULTS.map(|(name, _)| name.to_owned()))
    }

    /// What they were made of.
    #[must_use]
    pub fn sources(&self) -> &[String; 2] {
        &self.sources
    }

    fn of(sources: [String; 2], names: [String; 2]) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        // A name misspelt must be told, not printed as nothing.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| if name == HTML { AutoEscape::Html } else { AutoEscape::None });
        // The words at fault are in errors only so.
        environment.set_debug(true);
        for ((source, key), name) in sources.iter().zip([HTML, TEXT]).zip(&names) {
            environment.add_template_owned(key, source.clone()).map_err(|e| wrong(name, &e))?;
        }
        Ok(Self { environment, names, sources })
    }

    pub(super) fn html(&self, letter: &Letter) -> Result<String, TemplateError> {
        self.render(HTML, &self.names[0], letter)
    }

    pub(super) fn text(&self, letter: &Letter) -> Result<String, TemplateError> {
        self.render(TEXT, &self.names[1], letter)
    }

    fn render(&self, key: &str, name: &str, letter: &Letter) -> Result<String, TemplateError> {
        self.environment.get_template(key).and_then(|t| t.render(Serde(letter))).map_err(|e| wrong(name, &e))
    }
}

fn read(path: &Path) -> Result<String, TemplateError> {
    let bytes =
        fs::read(path).map_err(|e| TemplateError::Unreadable { path: path.to_owned(), reason: e.to_string() })?;
    let text = String::from_utf8(bytes).map_err(|_| TemplateError::Encoding(path.to_owned()))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// In Chinese, with the words of the template at fault.
fn wrong(name: &str, error: &minijinja::Error) -> TemplateError {
    let at_fault = error
        .range()
        .and_then(|range| error.template_source()?.get(range))
        .filter(|text| !text.trim().is_empty())
        .map(|text| format!("“{}”", visible(text.trim())))
        .unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::UndefinedError => "没有这一项内容，请核对名称；能用的名称写在默认模板的开头",
        ErrorKind::SyntaxError => "写法有误，请核对花括号、引号和 if、for 是否成对",
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest | ErrorKind::UnknownMethod => {
            "没有这个功能"
        }
        ErrorKind::TemplateNotFound | ErrorKind::BadInclude => "不能引用别的模板",
        _ => "不能填写",
    };
    let detail = error.detail().map(|d| format!("（{}）", visible(d))).unwrap_or_default();
    TemplateError::Wrong { name: name.to_owned(), line: error.line(), reason: format!("{at_fault}{what}{detail}。") }
}

/// Letters made up to try templates on: all that may be there, and as little as may be.
pub(super) fn samples() -> [Letter; 3] {
    let item = Item {
        id: "F0123456789".into(),
        severity: "补正",
        check: "缺少公章",
        material: "评审表".into(),
        place: "《评审表.pdf》第1页".into(),
        file: "《评审表.pdf》".into(),
        page: "第1页".into(),
        what: "没有印章".into(),
        required: "加盖单位公章".into(),
        clause: "五、4".into(),
        todo: "请盖章".into(),
        remark: String::new(),
        short: "缺少公章：请盖章".into(),
        confirmed: false,
    };
    let empty = Letter {
        issuer: String::new(),
        notice: Notice::default(),
        number: String::new(),
        applicant: Addressee::default(),
        required: Vec::new(),
        advice: vec![item.clone()],
        refusing: false,
    };
    let one = Letter { required: vec![item.clone()], advice: Vec::new(), refusing: true, ..empty.clone() };
    [Letter { required: vec![item; 40], ..empty.clone() }, one, empty]
}
