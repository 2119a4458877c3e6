//! What a program costs from its start to its end.

use std::{
    process::{Command, Stdio},
    time::Instant,
};

/// One run of a program.
pub struct Measured {
    pub wall_ms: f64,
    pub cpu_ms: f64,
    /// The most memory that it had at once.
    pub peak_mb: f64,
}

impl Measured {
    /// Runs a program to its end, which must be a good one.
    #[expect(
        unsafe_code,
        clippy::zombie_processes,
        reason = "the system tells what a child took in one call, which also waits"
    )]
    pub fn of(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let child = command.spawn().expect("a program");
        let pid = child.id().try_into().expect("a process id");
        let (mut status, mut used) = (0, std::mem::MaybeUninit::<libc::rusage>::zeroed());
        // SAFETY: both places are ours and outlive the call; zeroes are a valid `rusage`.
        let (ended, used) =
            unsafe { (libc::wait4(pid, &raw mut status, 0, used.as_mut_ptr()), used.assume_init()) };
        let wall_ms = start.elapsed().as_secs_f64() * 1e3;
        assert!(ended == pid && status == 0, "{command:?} ended with {status}");
        let ms = |time: libc::timeval| time.tv_sec as f64 * 1e3 + time.tv_usec as f64 / 1e3;
        Self {
            wall_ms,
            cpu_ms: ms(used.ru_utime) + ms(used.ru_stime),
            peak_mb: used.ru_maxrss as f64 / 1024.0,
        }
    }
}

pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
