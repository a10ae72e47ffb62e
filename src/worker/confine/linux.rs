//! Landlock and seccomp.

use std::collections::BTreeMap;
use std::fs;

use landlock::{
    ABI, Access, AccessFs, BitFlags, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus,
    path_beneath_rules,
};
use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter_all_threads,
};

use super::Folders;
use crate::model::isolation::{Held, Isolation};

/// The rights that are handled; an older kernel knows fewer of them, and then files are held in part.
const KNOWN: ABI = ABI::V5;

pub(super) fn confine(folders: &Folders) -> Isolation {
    // Landlock binds the calling thread and those that it starts.
    let alone = fs::read_dir("/proc/self/task").is_ok_and(|tasks| tasks.count() == 1);
    let files = match files(folders) {
        Ok(RulesetStatus::FullyEnforced) if alone => Held::Full,
        Ok(RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced) => Held::Partial,
        Ok(RulesetStatus::NotEnforced) | Err(_) => Held::None,
    };
    match calls() {
        Ok(()) => Isolation { files, network: Held::Full, programs: Held::Full },
        // Landlock lets no file be executed, but the filter keeps other processes out of reach.
        Err(_) => Isolation { files, network: Held::None, programs: files.min(Held::Partial) },
    }
}

fn files(folders: &Folders) -> Result<RulesetStatus, RulesetError> {
    let read: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::ReadDir;
    let write = read | AccessFs::WriteFile | AccessFs::MakeReg | AccessFs::Truncate;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(KNOWN))?
        .create()?
        .add_rules(path_beneath_rules(&folders.read, read))?
        .add_rules(path_beneath_rules(&folders.write, write))?
        .restrict_self()?;
    Ok(status.ruleset)
}

/// Refuses system calls, in all threads: the call fails, so that a library that merely tries goes on.
fn calls() -> Result<(), Error> {
    let refused = filter(refused()?, libc::EPERM)?;
    // Its flags lie in memory, where a filter can't look. The C library takes this for an old kernel and uses `clone`.
    let absent = filter(BTreeMap::from([(libc::SYS_clone3, Vec::new())]), libc::ENOSYS)?;
    apply_filter_all_threads(&absent)?;
    apply_filter_all_threads(&refused)
}

fn filter(rules: BTreeMap<i64, Vec<SeccompRule>>, errno: i32) -> Result<BpfProgram, Error> {
    let arch = std::env::consts::ARCH.try_into()?;
    let refuse = SeccompAction::Errno(errno.unsigned_abs());
    Ok(SeccompFilter::new(everywhere(rules), SeccompAction::Allow, refuse, arch)?.try_into()?)
}

/// The x32 variant of x86-64 has the same architecture mark and numbers of its own: the same with a bit set, and some
/// above 512. No program of ours makes such calls.
#[cfg(target_arch = "x86_64")]
fn everywhere(mut rules: BTreeMap<i64, Vec<SeccompRule>>) -> BTreeMap<i64, Vec<SeccompRule>> {
    const X32: i64 = 0x4000_0000;
    let own = 512..=547;
    let same: Vec<i64> = rules.keys().copied().collect();
    rules.extend(same.into_iter().chain(own).map(|number| (number | X32, Vec::new())));
    rules
}

#[cfg(not(target_arch = "x86_64"))]
fn everywhere(rules: BTreeMap<i64, Vec<SeccompRule>>) -> BTreeMap<i64, Vec<SeccompRule>> {
    rules
}

/// Calls that are refused whatever they ask, and those that are refused where their arguments reach out.
fn refused() -> Result<BTreeMap<i64, Vec<SeccompRule>>, Error> {
    let always = [NETWORK, PROGRAMS, FILES, SYSTEM, ARCHITECTURE].concat();
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = always.into_iter().map(|number| (number, Vec::new())).collect();
    let myself = u64::from(std::process::id());
    let thread = libc::CLONE_THREAD.unsigned_abs().into();
    for (number, argument) in [
        // A new thread is one of ours, a new process is not.
        (libc::SYS_clone, SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(thread), 0)?),
        // Only its own end is in its hands.
        (libc::SYS_kill, SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, myself)?),
        (libc::SYS_tgkill, SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, myself)?),
        // Limits of its own, not another's.
        (libc::SYS_prlimit64, SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, 0)?),
    ] {
        rules.insert(number, vec![SeccompRule::new(vec![argument])?]);
    }
    Ok(rules)
}

const NETWORK: &[i64] = &[
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    // Does all of these, and much else, past any filter.
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
];

const PROGRAMS: &[i64] = &[
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_kcmp,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_tkill,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_msgget,
    libc::SYS_semget,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
];

/// What Landlock does not hold: a file's length (before Linux 6.2), owner, times and attributes, and the tree itself.
const FILES: &[i64] = &[
    libc::SYS_truncate,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchmodat2,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    libc::SYS_mknodat,
    libc::SYS_chroot,
    libc::SYS_pivot_root,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_fanotify_init,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_acct,
];

/// What only the machine's own programs have to do with, and where kernels have had their holes.
const SYSTEM: &[i64] = &[
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_syslog,
    libc::SYS_vhangup,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_personality,
];

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: &[i64] = &[
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
    libc::SYS_mknod,
    libc::SYS_kexec_file_load,
    libc::SYS_modify_ldt,
    libc::SYS_iopl,
    libc::SYS_ioperm,
];
#[cfg(not(target_arch = "x86_64"))]
const ARCHITECTURE: &[i64] = &[];

#[cfg(test)]
#[path = "linux_tests.rs"]
mod tests;
