//! What a panic does to a node: it is our bug, and what it left half done is not known. The process ends at
//! once, as if it had been killed: no log is closed and no clean stop is noted, so that the next start
//! recovers. A task that is missing from a node that goes on would be worse (a shard, a disk thread, the
//! control thread).

/// From here on a panic of any thread ends the process, after it was told in the log.
pub fn end_process_on_panic() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        tracing::error!(thread = thread.name().unwrap_or("?"), %panic, "a bug of Klamm: the node ends at once");
        tell(panic);
        std::process::abort();
    }));
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::Command;

    const CHILD: &str = "KLAMM_TEST_PANICKING_CHILD";

    #[test]
    fn a_panic_of_any_thread_ends_the_process_and_is_told() {
        if std::env::var_os(CHILD).is_some() {
            super::end_process_on_panic();
            let thread = std::thread::Builder::new().name("victim".into());
            let thread = thread.spawn(|| panic!("planted")).expect("a thread starts");
            drop(thread.join());
            std::process::exit(0);
        }
        let this = std::env::current_exe().expect("a test has a program");
        let mut child = Command::new(this);
        child.args([
            "--exact",
            "panics::tests::a_panic_of_any_thread_ends_the_process_and_is_told",
            "--nocapture",
        ]);
        let output = child.env(CHILD, "1").output().expect("the program starts again");
        assert_eq!(output.status.signal(), Some(6), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("planted"), "{output:?}");
    }
}
