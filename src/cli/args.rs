//! What can be typed.

use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand};

use super::complain;
use crate::outcome::Outcome;
use crate::shard::{MOST, Shard};

/// Where a report goes by itself.
const REPORT: &str = "audit-report";
/// Where shards go by themselves, each in a folder of its own.
const SHARDS: &str = "audit-shards";
const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// 批量审核职称申报材料扫描件，按通知逐条检查，给出每位申报人的问题清单。
#[derive(Debug, Parser)]
#[command(
    name = "material-audit",
    version,
    help_template = TEMPLATE,
    subcommand_help_heading = "命令",
    subcommand_value_name = "命令",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = "各命令的用法：material-audit <命令> --help"
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    /// 显示帮助
    #[arg(short, long, global = true, action = clap::ArgAction::Help, help_heading = "选项")]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = clap::ArgAction::Version, help_heading = "选项")]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 审核一批申报材料，写出问题清单
    #[command(help_template = TEMPLATE)]
    Audit(AuditArgs),
    /// 把 audit --shard 写出的全部分片合成一份报告
    #[command(help_template = TEMPLATE)]
    Merge(MergeArgs),
    /// 查看规则包
    #[command(help_template = TEMPLATE)]
    Rules(RulesArgs),
    /// 说明一个检查项：为何要求、如何判断、何时待核
    #[command(help_template = TEMPLATE)]
    Explain {
        /// 检查代码，如 missing-seal；用 list 列出全部
        #[arg(value_name = "检查代码", help_heading = "参数")]
        check: String,
    },
    /// 查看程序在一页上看到了什么：文字、公章、照片、表格、材料
    #[command(help_template = TEMPLATE)]
    Inspect(InspectArgs),
    /// 安装文字识别模型（首次使用时 audit 会自动安装）
    #[command(help_template = TEMPLATE)]
    Setup {
        /// 从这个文件夹安装（U 盘拷来的 .whl 文件或模型文件），不联网
        #[arg(long, value_name = "文件夹", help_heading = "选项")]
        from: Option<PathBuf>,
    },
    /// 写出补正通知书和短通知的默认模板，供修改
    #[command(help_template = TEMPLATE)]
    LetterTemplate {
        /// 写到这个文件夹，默认当前文件夹
        #[arg(value_name = "文件夹", default_value = ".", hide_default_value = true, help_heading = "参数")]
        folder: PathBuf,
    },
    /// 在浏览器里逐条核对报告，点按钮写下决定（只在本机，不联网）
    #[command(help_template = TEMPLATE)]
    Review {
        /// 报告文件夹（audit 的 --out）
        #[arg(
            value_name = "报告文件夹",
            default_value = REPORT,
            hide_default_value = true,
            help_heading = "参数"
        )]
        folder: PathBuf,
        /// 本机端口，默认任选一个空闲的
        #[arg(long, value_name = "端口", default_value_t = 0, hide_default_value = true, help_heading = "选项")]
        port: u16,
        /// 不自动打开浏览器，只显示地址
        #[arg(long, help_heading = "选项")]
        no_open: bool,
    },
    /// 管理页面缓存
    #[command(help_template = TEMPLATE)]
    Cache {
        #[command(subcommand)]
        action: CacheAction,
    },
    #[command(hide = true)]
    Worker,
}

#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// 申报材料文件夹：每个子文件夹（或 .zip、单个文件）是一位申报人的材料
    #[arg(value_name = "材料文件夹", help_heading = "参数")]
    pub(super) submissions: PathBuf,
    /// 规则包名称（见 rules list），或自己的规则包文件 .toml
    #[arg(long, value_name = "规则包", help_heading = "选项")]
    pub(super) rules: String,
    /// 申报人名册 CSV（文件夹,姓名,工作单位,申报级别,申报类型,单位性质）
    #[arg(long, value_name = "CSV文件", help_heading = "选项")]
    pub(super) roster: Option<PathBuf>,
    /// 报告写到这个文件夹
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    out: Option<PathBuf>,
    /// 只审核第几片（如 2/7：分成 7 片的第 2 片），写出分片报告，全部完成后用 merge 合并
    #[arg(long, value_name = "片/共几片", help_heading = "选项")]
    pub(super) shard: Option<Shard>,
    /// 只估计：打开而不读，说明分成几片时每片有多少份、多少页，大约要多少时间和内存
    #[arg(
        long,
        value_name = "几片",
        conflicts_with = "shard",
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=MOST as u64),
        help_heading = "选项"
    )]
    pub(super) plan: Option<usize>,
    /// 与这个文件夹里的上一轮报告相比（默认是将被替换的那份），标明新增、未整改、已整改
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    pub(super) previous: Option<PathBuf>,
    /// 用自己的模板写补正通知书（.html）或短通知（.txt），两种可各给一次；默认模板用 letter-template 写出
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub(super) letter_template: Vec<PathBuf>,
    /// 按这一天判断（如 2024-11-30），默认今天
    #[arg(long, value_name = "日期", help_heading = "选项")]
    pub(super) as_of: Option<String>,
    /// 同时读几页，默认等于处理器核数，内存不够时少些
    #[arg(long, value_name = "个数", help_heading = "选项")]
    pub(super) jobs: Option<usize>,
    /// 不联网：缺少模型文件时报错，不自动下载
    #[arg(long, help_heading = "选项")]
    pub(super) offline: bool,
    /// 不使用页面缓存
    #[arg(long, help_heading = "选项")]
    pub(super) no_cache: bool,
    /// 页面缓存最多占多少 MB 磁盘（默认 4096），满了先删最久没用的
    #[arg(long, value_name = "MB", help_heading = "选项")]
    pub(super) cache_limit: Option<u32>,
    /// 另存标出问题的 PDF 副本（报告文件夹的 annotated 里），原件不改
    #[arg(long, help_heading = "选项")]
    pub(super) annotate: bool,
    /// 有缺陷时退出码为 1
    #[arg(long, help_heading = "选项")]
    pub(super) fail_on_defects: bool,
    /// 打印各阶段用时
    #[arg(long, hide = true)]
    pub(super) timings: bool,
}

impl AuditArgs {
    /// Where the report goes.
    pub(super) fn out(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| match self.shard {
            None => PathBuf::from(REPORT),
            Some(Shard { number, of }) => PathBuf::from(SHARDS).join(format!("{number}-{of}")),
        })
    }
}

#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// 全部分片的文件夹（audit --shard 写出的）
    #[arg(value_name = "分片文件夹", required = true, help_heading = "参数")]
    pub(super) shards: Vec<PathBuf>,
    /// 报告写到这个文件夹
    #[arg(long, value_name = "文件夹", default_value = REPORT, hide_default_value = true, help_heading = "选项")]
    pub(super) out: PathBuf,
    /// 各分片所比的上一轮报告；就是将被替换的那份时不必写
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    pub(super) previous: Option<PathBuf>,
    /// 材料文件夹；各分片用了 --annotate 时必须写
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    pub(super) submissions: Option<PathBuf>,
    /// 有缺陷时退出码为 1
    #[arg(long, help_heading = "选项")]
    pub(super) fail_on_defects: bool,
}

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    pub(super) action: RulesAction,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesAction {
    /// 列出内置的规则包
    #[command(help_template = TEMPLATE)]
    List,
    /// 打印一个规则包的全文，或逐条对照通知
    #[command(help_template = TEMPLATE)]
    Show {
        #[arg(value_name = "规则包", help_heading = "参数")]
        id: String,
        /// 逐条列出通知的要求：由哪个检查项判断，或为何须由人核对
        #[arg(long, help_heading = "选项")]
        coverage: bool,
    },
    /// 由旧规则包写出新一年的规则包
    #[command(help_template = TEMPLATE)]
    New {
        /// 新规则包的名称：小写字母、数字、连字符，如 yangquan-bigdata-2025
        #[arg(value_name = "新名称", help_heading = "参数")]
        id: String,
        /// 照哪个规则包写（名称或 .toml 文件）
        #[arg(long, value_name = "规则包", help_heading = "选项")]
        from: String,
    },
    /// 检查自己的规则包文件，一次列出全部错误
    #[command(help_template = TEMPLATE)]
    Check {
        #[arg(value_name = "文件", help_heading = "参数")]
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// PDF 或图片文件
    #[arg(value_name = "文件", help_heading = "参数")]
    pub(super) file: PathBuf,
    /// 只看第几页
    #[arg(long, value_name = "页", help_heading = "选项")]
    pub(super) page: Option<u32>,
    /// 按这个规则包认出材料和栏目
    #[arg(long, value_name = "规则包", help_heading = "选项")]
    pub(super) rules: Option<String>,
    /// 把看到的框画在页面上，存为 PNG（须同时给出 --page）
    #[arg(long, value_name = "PNG文件", requires = "page", help_heading = "选项")]
    pub(super) png: Option<PathBuf>,
    /// 不联网：缺少模型文件时报错，不自动下载
    #[arg(long, help_heading = "选项")]
    pub(super) offline: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum CacheAction {
    /// 本程序在报告之外存了什么、存在哪里、占多少磁盘
    #[command(help_template = TEMPLATE)]
    Show,
    /// 删除全部页面缓存（其中有申报人的文字内容）
    #[command(help_template = TEMPLATE)]
    Clean,
}

/// Tells in Chinese what is wrong with the arguments; help and version are no errors.
pub(super) fn explain_error(error: &clap::Error) -> Outcome {
    if !error.use_stderr() {
        let _ = error.print();
        return Outcome::Done;
    }
    let named = |kind| match error.get(kind) {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(s)) => s.join("、"),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let argument = named(ContextKind::InvalidArg);
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .map(named)
        .find(|s| !s.is_empty());
    let what = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            let _ = error.print();
            return Outcome::NotStarted;
        }
        ErrorKind::UnknownArgument => format!("不认识的参数 {argument}"),
        ErrorKind::InvalidSubcommand => format!("不认识的命令 {}", named(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数 {argument}"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("参数 {argument} 的值“{}”不对", named(ContextKind::InvalidValue))
        }
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("参数 {argument} 缺少值")
        }
        ErrorKind::ArgumentConflict | ErrorKind::TooManyValues => format!("参数 {argument} 给了多次或与别的参数冲突"),
        _ => format!("参数有误（{error}）"),
    };
    let hint = suggested.map(|s| format!("，是不是想用 {s}？")).unwrap_or_default();
    complain(&format!("错误：{what}{hint}\n用法见 material-audit --help"));
    Outcome::NotStarted
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn contract_lines_parse() {
        let ok = [
            "material-audit audit in --rules yangquan-bigdata-2024",
            "material-audit audit in --rules a.toml --roster r.csv --out o --as-of 2024-11-30 --jobs 4 --offline --no-cache --fail-on-defects",
            "material-audit audit in --rules a --out o --previous p",
            "material-audit audit in --rules a --letter-template a.html --letter-template b.txt",
            "material-audit audit in --rules a --shard 2/7 --out s2",
            "material-audit audit in --rules a --plan 7",
            "material-audit merge s1 s2 --out o --previous p --submissions in --fail-on-defects",
            "material-audit letter-template d",
            "material-audit audit in --rules x --annotate --cache-limit 1024",
            "material-audit rules list",
            "material-audit rules show x",
            "material-audit explain missing-seal",
            "material-audit inspect f.pdf --page 3 --rules x --png o.png",
            "material-audit setup --from d",
            "material-audit review",
            "material-audit review d --port 7000 --no-open",
            "material-audit cache show",
            "material-audit cache clean",
        ];
        for line in ok {
            assert!(Cli::try_parse_from(line.split(' ')).is_ok(), "{line}");
        }
        assert!(Cli::try_parse_from("material-audit audit in".split(' ')).is_err(), "rules are required");
    }
}
