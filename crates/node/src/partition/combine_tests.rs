//! Interleavings of combining, explored by shuttle with `--features shuttle`, else run once.
#![allow(clippy::unwrap_used)]

use super::*;

#[derive(Debug, Default)]
struct Appended(Vec<u32>);

impl Combine for Appended {
    type Command = u32;
    type Effects = ();

    fn run_queued(&mut self, commands: VecDeque<u32>, _: &mut ()) {
        self.0.extend(commands);
    }
}

fn submit(shared: &Combining<Appended>, value: u32) {
    if shared.try_now(|state| state.0.push(value)).is_none() {
        shared.queue(value).unwrap();
    }
    while shared.drain(&mut ()) == Left::More {}
}

#[cfg(not(feature = "shuttle"))]
#[test]
fn a_command_runs_at_once_on_a_free_state() {
    let shared = Combining::new(Appended::default(), 1);
    submit(&shared, 1);
    assert_eq!(shared.wait_for(|state, ()| state.0.clone()).0, [1]);
}

#[cfg(not(feature = "shuttle"))]
#[test]
fn a_full_queue_gives_the_command_back() {
    let shared = Combining::new(Appended::default(), 1);
    shared.queue(1).unwrap();
    assert!(matches!(shared.queue(2), Err(Full(2))));
}

#[cfg(feature = "shuttle")]
#[test]
fn rule_20_no_interleaving_loses_or_reorders_commands_of_one_thread() {
    use std::sync::Arc;
    shuttle::check_random(
        || {
            let shared = Arc::new(Combining::new(Appended::default(), 100));
            let threads: Vec<_> = (0..3)
                .map(|thread| {
                    let shared = shared.clone();
                    shuttle::thread::spawn(move || {
                        for n in 0..3 {
                            submit(&shared, thread * 10 + n);
                        }
                    })
                })
                .collect();
            for thread in threads {
                thread.join().unwrap();
            }
            let seen = shared.wait_for(|state, ()| state.0.clone()).0;
            assert_eq!(seen.len(), 9);
            for thread in 0..3 {
                let own: Vec<_> = seen.iter().filter(|v| *v / 10 == thread).collect();
                assert!(own.is_sorted());
            }
        },
        20_000,
    );
}
