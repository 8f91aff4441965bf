//! Errors of the API server, operators that die, and two of them at once.

use std::sync::Arc;
use std::time::Duration;

use klamm_operator::leader::Candidate;
use klamm_operator::retry::{pause, refusal};

use crate::api::{Fault, Shared, client};
use crate::site::{SMALL, Site};

/// Every so many calls of the story is broken once: all kinds of calls come up.
const STRIDE: usize = 5;
const ONE: &str = "{brokers: {replicas: 2}, controllers: {replicas: 1}}";

fn plant(site: &Site, when: &str, code: u16, times: u32) {
    site.world.lock().store.faults.push(Fault { when: when.into(), code, times });
}

#[tokio::test]
async fn each_error_of_the_api_server_has_its_pause() {
    let site = Site::new(ONE);
    let mut pauses = Vec::new();
    for code in [409, 410, 422, 429, 500, 503] {
        plant(&site, "GET /apis/apps", code, 1);
        let error = site.pass().await.unwrap_err();
        pauses.push((code, pause(&error, 0), refusal(&error).is_some()));
    }
    let millis = Duration::from_millis;
    assert_eq!(
        pauses,
        [
            (409, millis(250), false),
            (410, millis(1_000), false),
            (422, millis(30_000), true),
            (429, millis(7_000), false),
            (500, millis(1_000), false),
            (503, millis(1_000), false),
        ]
    );
    plant(&site, "GET /apis/apps", 503, 1);
    let error = site.pass().await.unwrap_err();
    assert_eq!((pause(&error, 3), pause(&error, 40)), (millis(8_000), millis(60_000)));
}

#[tokio::test]
async fn a_storm_of_errors_delays_and_breaks_nothing() {
    let site = Site::new(SMALL);
    for (when, code) in
        [("PATCH", 409), ("PATCH /apis/apps", 429), ("GET /api/v1", 500), ("PATCH /api/v1", 503)]
    {
        plant(&site, when, code, 3);
    }
    site.settle().await;
    plant(&site, "DELETE", 409, 2);
    plant(&site, "status", 409, 4);
    site.edit("{image: 'klamm:2', brokers: {replicas: 3}, controllers: {replicas: 3}}");
    assert_eq!(site.settle().await, 1);
    site.no_harm();
}

/// The story is run once to count its calls, and then again with one of its calls failing, for many calls: all
/// that the operator knows at such a moment is lost, as in a crash.
#[tokio::test]
async fn a_pass_that_ends_at_any_call_is_taken_up_by_the_next() {
    let story = async |site: &Site| {
        site.settle().await;
        site.edit("{brokers: {replicas: 1}, controllers: {replicas: 1}, config: {num.io.threads: '3'}}");
        site.settle().await;
    };
    let site = Site::new(ONE);
    story(&site).await;
    let calls = site.world.lock().store.calls.len();
    assert!(calls > 100, "{calls} calls");
    let set = |site: &Site| site.versions().into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    let expected = set(&site);
    for call in (0..calls).step_by(STRIDE) {
        let site = Site::new(ONE);
        site.world.lock().store.broken_call = Some(call);
        story(&site).await;
        assert_eq!(set(&site), expected, "call {call}");
        assert_eq!(site.world.lock().running().len(), 2, "call {call}");
        site.no_harm();
    }
}

#[tokio::test]
async fn a_delete_names_exactly_what_was_seen() {
    let site = Site::new(ONE);
    site.settle().await;
    site.world.lock().store.calls.clear();
    site.edit("{image: other, brokers: {replicas: 2}, controllers: {replicas: 1}}");
    // Somebody else changes the pod between the look and the deletion: 409, and the next pass looks anew.
    plant(&site, "DELETE /api/v1/namespaces/kafka/pods", 409, 1);
    site.settle().await;
    let world = site.world.lock();
    let deletes = world.store.calls.iter().filter(|call| call.starts_with("DELETE")).count();
    assert_eq!(deletes, 4, "three pods, one of them twice");
}

fn candidates() -> (Shared, Candidate, Candidate) {
    let world = Shared::default();
    let candidate = |name: &str| Candidate::new(client(&world), "kafka", "klamm-operator", name);
    let (first, second) = (candidate("a"), candidate("b"));
    (Arc::clone(&world), first, second)
}

#[tokio::test(start_paused = true)]
async fn of_two_operators_one_leads_until_it_renews_no_more() {
    let (_world, mut first, mut second) = candidates();
    assert!(first.try_once().await.unwrap());
    assert!(!second.try_once().await.unwrap());
    tokio::time::advance(Duration::from_secs(10)).await;
    assert!(first.try_once().await.unwrap(), "it renews");
    tokio::time::advance(Duration::from_secs(10)).await;
    assert!(!second.try_once().await.unwrap(), "it was renewed since");
    tokio::time::advance(Duration::from_secs(16)).await;
    assert!(second.try_once().await.unwrap(), "nobody renewed it");
    assert!(!first.try_once().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_was_given_up_is_free_at_once() {
    let (_world, mut first, mut second) = candidates();
    assert!(first.try_once().await.unwrap());
    first.release().await;
    assert!(second.try_once().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_cannot_renew_takes_its_lease_for_lost_before_another_may_take_it() {
    let (world, mut first, _) = candidates();
    assert!(first.try_once().await.unwrap());
    world.lock().store.faults.push(Fault { when: "leases".into(), code: 503, times: u32::MAX });
    let began = tokio::time::Instant::now();
    first.hold().await;
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}
