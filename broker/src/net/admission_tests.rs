//! The three rules, in paused time.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::*;

struct Fixed(Arc<AdmissionRules>);

impl RulesInForce for Fixed {
    fn now(&self) -> Arc<AdmissionRules> {
        self.0.clone()
    }
}

fn unlimited() -> AdmissionRules {
    AdmissionRules {
        total: UNLIMITED,
        per_ip: UNLIMITED,
        overrides: HashMap::new(),
        rate: UNLIMITED,
        listeners: HashMap::new(),
        protected: None,
    }
}

fn admission(rules: AdmissionRules) -> Admission {
    let window = Window { samples: 11, length: Duration::from_secs(1) };
    Admission::new(Box::new(Fixed(Arc::new(rules))), ProcessLimit::new(100), window)
}

fn ip(last: u8) -> IpAddr {
    IpAddr::from([127, 0, 0, last])
}

fn name(name: &str) -> Arc<str> {
    Arc::from(name)
}

/// The answer, if it is there at once.
fn at_once<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

#[tokio::test(start_paused = true)]
async fn above_max_connections_a_peer_waits_until_another_leaves() {
    let admission = admission(AdmissionRules { total: 1, ..unlimited() });
    let first = admission.admit(&name("A"), ip(1)).await;
    assert!(first.is_ok());
    assert!(at_once(admission.admit(&name("A"), ip(2))).is_none());
    let again = admission.clone();
    let waiting = tokio::spawn(async move { again.admit(&name("A"), ip(2)).await.is_ok() });
    tokio::task::yield_now().await;
    drop(first);
    assert!(waiting.await.is_ok_and(|admitted| admitted));
}

#[tokio::test(start_paused = true)]
async fn above_the_limit_of_an_address_a_peer_is_refused() {
    let overrides = HashMap::from([(ip(9), 0)]);
    let admission = admission(AdmissionRules { per_ip: 1, overrides, ..unlimited() });
    let first = admission.admit(&name("A"), ip(1)).await;
    // The same address, as an IPv6 socket shows it.
    let mapped = Ipv4Addr::LOCALHOST.to_ipv6_mapped().into();
    assert_eq!(admission.admit(&name("A"), mapped).await.err(), Some(Refused::PerIp(1)));
    assert_eq!(admission.admit(&name("A"), ip(9)).await.err(), Some(Refused::PerIp(0)));
    assert!(admission.admit(&name("A"), ip(2)).await.is_ok());
    drop(first);
    assert!(admission.admit(&name("A"), ip(1)).await.is_ok(), "a refused one holds no place");
}

#[tokio::test(start_paused = true)]
async fn above_the_limit_of_the_process_a_peer_is_refused() {
    let window = Window { samples: 11, length: Duration::from_secs(1) };
    let admission = Admission::new(Box::new(Fixed(Arc::new(unlimited()))), ProcessLimit::new(1), window);
    let first = admission.admit(&name("A"), ip(1)).await;
    assert_eq!(admission.admit(&name("A"), ip(1)).await.err(), Some(Refused::Process(1)));
    drop(first);
    assert!(admission.admit(&name("A"), ip(1)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_listener_has_limits_of_its_own_and_the_one_between_brokers_knows_no_other() {
    let listeners = HashMap::from([(name("B"), ListenerRules { most: 2, rate: UNLIMITED })]);
    let rules = AdmissionRules { total: 1, listeners, protected: Some(name("B")), ..unlimited() };
    let admission = admission(rules);
    let _clients = admission.admit(&name("A"), ip(1)).await;
    assert!(at_once(admission.admit(&name("A"), ip(1))).is_none());
    let _brokers = (admission.admit(&name("B"), ip(1)).await, admission.admit(&name("B"), ip(1)).await);
    assert!(at_once(admission.admit(&name("B"), ip(1))).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_rate_holds_back_what_comes_too_fast() {
    let admission = admission(AdmissionRules { rate: 1, ..unlimited() });
    let begun = Instant::now();
    for _ in 0..10 {
        assert!(admission.admit(&name("A"), ip(1)).await.is_ok());
    }
    assert_eq!(begun.elapsed(), Duration::ZERO, "ten seconds' worth");
    assert!(admission.admit(&name("A"), ip(1)).await.is_ok());
    assert!(begun.elapsed() >= Duration::from_millis(900), "{:?}", begun.elapsed());
}
