//! The checker against a sound history, and against the same with one fault planted each.

use klamm_model::{Offset, TopicPartition};

use super::{Event, Rules, Violation, WriteId, check};

fn at() -> TopicPartition {
    TopicPartition::new("orders", 0)
}

fn id(producer: u32, number: u64) -> WriteId {
    WriteId { producer, number }
}

fn read(reader: u32, offset: i64, write: WriteId) -> Event {
    Event::Read { reader, at: at(), offset: Offset::at(offset), write }
}

/// Two producers, ten writes each, all acknowledged but the last one, which is unknown and stored; a reader that
/// follows, commits of a group, and a scan at the end.
fn sound() -> Vec<Event> {
    let mut history = Vec::new();
    let mut log = Vec::new();
    for number in 0..10 {
        for producer in [1, 2] {
            let write = id(producer, number);
            history.push(Event::Sent { write, at: at() });
            let offset = Offset::at(log.len() as i64);
            log.push(write);
            history.push(read(1, offset.get(), write));
            history.push(match (producer, number) {
                (2, 9) => Event::Unknown { write },
                _ => Event::Acknowledged { write, offset: Some(offset) },
            });
        }
        let (group, offset) = ("g".to_owned(), Offset::at(log.len() as i64));
        history.push(Event::Committing { group: group.clone(), at: at(), offset });
        history.push(Event::Committed { group: group.clone(), at: at(), offset });
        history.push(Event::CommittedRead { group, at: at(), offset: Some(offset) });
    }
    history.push(Event::Sent { write: id(3, 0), at: at() });
    history.push(Event::Refused { write: id(3, 0) });
    history.push(Event::ScanBegun { reader: 9, at: at(), from: Offset::ZERO });
    history.extend(log.iter().enumerate().map(|(offset, write)| read(9, offset as i64, *write)));
    history.push(Event::ScanEnded { reader: 9, at: at(), to: Offset::at(log.len() as i64) });
    history
}

fn violations(history: &[Event]) -> Vec<Violation> {
    check(history, Rules::Idempotent)
}

/// Offsets of the scan from `offset` on, one less or more.
fn shift_scan(history: &mut [Event], from: i64, by: i64) {
    for event in history {
        match event {
            Event::Read { reader: 9, offset, .. } if offset.get() >= from => {
                *offset = Offset::at(offset.get() + by);
            }
            Event::ScanEnded { to, .. } => *to = Offset::at(to.get() + by),
            _ => {}
        }
    }
}

fn scan_read(history: &[Event], offset: i64) -> usize {
    let is_it =
        |event: &Event| matches!(event, Event::Read { reader: 9, offset: o, .. } if o.get() == offset);
    history.iter().position(is_it).expect("the scan reads all offsets")
}

#[test]
fn a_sound_history_has_no_violation() {
    assert_eq!(violations(&sound()), []);
}

#[test]
fn an_acknowledged_write_at_the_end_that_is_gone_is_lost() {
    let mut history = sound();
    let last = scan_read(&history, 18);
    history.drain(last..);
    history.push(Event::ScanEnded { reader: 9, at: at(), to: Offset::at(18) });
    let lost = Violation::Lost { write: id(1, 9), at: at(), offset: Some(Offset::at(18)) };
    assert_eq!(violations(&history), [lost]);
}

#[test]
fn a_hole_in_the_offsets_is_a_gap() {
    let mut history = sound();
    history.remove(scan_read(&history, 4));
    let gap = Violation::Gap { at: at(), from: Offset::at(4), to: Offset::at(5) };
    let lost = Violation::Lost { write: id(1, 2), at: at(), offset: Some(Offset::at(4)) };
    assert_eq!(violations(&history), [lost, gap]);
}

#[test]
fn a_write_stored_twice_is_doubled() {
    let mut history = sound();
    let end = history.len() - 1;
    history.insert(end, read(9, 20, id(1, 9)));
    history[end + 1] = Event::ScanEnded { reader: 9, at: at(), to: Offset::at(21) };
    let doubled = violations(&history);
    assert!(
        doubled.contains(&Violation::Doubled {
            write: id(1, 9),
            at: at(),
            first: Offset::at(18),
            second: Offset::at(20)
        }),
        "{doubled:?}"
    );
    let other_rules = check(&history, Rules::AtLeastOnce);
    assert_eq!(other_rules, [], "producers without idempotence may repeat");
}

#[test]
fn records_behind_a_lost_one_have_moved() {
    let mut history = sound();
    history.remove(scan_read(&history, 6));
    shift_scan(&mut history, 7, -1);
    let found = violations(&history);
    let lost = Violation::Lost { write: id(1, 3), at: at(), offset: Some(Offset::at(6)) };
    assert!(found.contains(&lost), "{found:?}");
    let moved = Violation::Moved { write: id(2, 3), at: at(), told: Offset::at(7), found: Offset::at(6) };
    assert!(found.contains(&moved), "{found:?}");
    let changed = Violation::Changed { at: at(), offset: Offset::at(6), first: id(1, 3), then: id(2, 3) };
    assert!(found.contains(&changed), "the first reader saw something else: {found:?}");
}

#[test]
fn writes_of_a_producer_in_another_order_are_told() {
    let mut history = sound();
    for (place, write) in [(4, id(1, 3)), (6, id(1, 2))] {
        let index = scan_read(&history, place);
        history[index] = read(9, place, write);
    }
    let found = violations(&history);
    let late = Violation::OutOfOrder { write: id(1, 2), at: at(), offset: Offset::at(6), before: id(1, 3) };
    assert!(found.contains(&late), "{found:?}");
}

#[test]
fn a_refused_write_must_not_be_there() {
    let mut history = sound();
    let end = history.len() - 1;
    history.insert(end, read(9, 20, id(3, 0)));
    history[end + 1] = Event::ScanEnded { reader: 9, at: at(), to: Offset::at(21) };
    let stored = Violation::RefusedYetStored { write: id(3, 0), at: at(), offset: Offset::at(20) };
    assert_eq!(violations(&history), [stored]);
}

#[test]
fn a_record_of_another_partition_or_of_nobody_is_told() {
    let mut history = sound();
    let elsewhere = TopicPartition::new("payments", 0);
    history.insert(0, Event::Sent { write: id(7, 0), at: elsewhere });
    let end = history.len() - 1;
    history.insert(end, read(9, 20, id(7, 0)));
    history.insert(end + 1, read(9, 21, id(8, 0)));
    history[end + 2] = Event::ScanEnded { reader: 9, at: at(), to: Offset::at(22) };
    let never = |producer, offset| Violation::NeverSent {
        write: id(producer, 0),
        at: at(),
        offset: Offset::at(offset),
    };
    assert_eq!(violations(&history), [never(7, 20), never(8, 21)]);
}

#[test]
fn a_reader_that_goes_back_is_told() {
    let mut history = sound();
    let second = history
        .iter()
        .position(|event| matches!(event, Event::Read { reader: 1, offset, .. } if offset.get() == 5));
    history.insert(second.expect("the reader read offset 5") + 1, read(1, 3, id(2, 1)));
    let back = Violation::WentBack { reader: 1, at: at(), from: Offset::at(5), to: Offset::at(3) };
    assert_eq!(violations(&history), [back]);
}

#[test]
fn commits_are_neither_lost_nor_invented() {
    let mut history = sound();
    let (group, told) = ("g".to_owned(), Offset::at(20));
    for found in [None, Some(Offset::at(18)), Some(Offset::at(40)), Some(told)] {
        history.push(Event::CommittedRead { group: group.clone(), at: at(), offset: found });
    }
    let lost = |found| Violation::CommitLost { group: group.clone(), at: at(), told, found };
    let invented = Violation::CommitNeverSent { group: group.clone(), at: at(), found: Offset::at(40) };
    assert_eq!(violations(&history), [lost(None), lost(Some(Offset::at(18))), invented]);
}

#[test]
fn two_leaders_that_acknowledge_at_the_same_offset_are_told() {
    let mut history = sound();
    history.insert(0, Event::Sent { write: id(4, 0), at: at() });
    history.push(Event::Acknowledged { write: id(4, 0), offset: Some(Offset::at(7)) });
    let split = Violation::SplitAck { at: at(), offset: Offset::at(7), first: id(2, 3), second: id(4, 0) };
    let lost = Violation::Lost { write: id(4, 0), at: at(), offset: Some(Offset::at(7)) };
    assert_eq!(violations(&history), [lost, split]);
}

#[test]
fn a_write_says_which_it_is() {
    assert_eq!("3/17 padding".parse(), Ok(id(3, 17)));
    assert_eq!(id(3, 17).to_string().parse(), Ok(id(3, 17)));
    assert!("other data".parse::<WriteId>().is_err());
}
