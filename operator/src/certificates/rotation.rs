//! What a cluster's certificates need next. Pure: from the Secrets, what each node has reported, and the time.
//!
//! | phase | nodes trust | issued by | goes on once |
//! |---|---|---|---|
//! | Steady | one authority | it | the authority nears its end |
//! | Overlap | the present and the next | the present | every node trusts both |
//! | Reissue | the former and the present | the present | every node shows a certificate of the present |
//!
//! So at no moment does a node meet a certificate that it does not trust, nor the operator.

use std::collections::BTreeMap;

use k8s_openapi::jiff::Timestamp;
use klamm_model::NodeId;

use super::authority::{AUTHORITY_DAYS, Authority, LEAF_DAYS, seconds_left, sha256};

/// An authority is replaced from this many days before its end on.
const AUTHORITY_RENEWAL_DAYS: i64 = 180;
/// With less time left the nodes are not waited for: they cannot be spoken to any more, or soon.
const EMERGENCY_SECONDS: i64 = 86_400;
const DAY_SECONDS: i64 = 86_400;

/// The nodes' certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// `tls.crt`.
    pub certificate: String,
    /// `ca.crt`: whom nodes trust.
    pub trust: String,
    /// SHA-256 of the authority's certificate that issued it.
    pub issuer: String,
    /// The host names in it.
    pub hosts: Vec<String>,
}

/// Where a change of the authority is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// There is none.
    Steady,
    /// The next authority is made known.
    Overlap,
    /// Certificates of the present one take the place of the former's.
    Reissue,
}

/// The authorities of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificates {
    /// Issues.
    pub present: Authority,
    /// Will issue once every node trusts it.
    pub next: Option<Authority>,
    /// Issued before; its certificate.
    pub former: Option<String>,
}

impl Certificates {
    /// Whom nodes and operator are to trust: `ca.crt`.
    pub fn trust(&self) -> String {
        let next = self.next.as_ref().map(|next| next.pair.certificate.as_str());
        let all = [Some(self.present.pair.certificate.as_str()), next, self.former.as_deref()];
        all.into_iter().flatten().collect()
    }

    /// The phase.
    pub fn phase(&self) -> Phase {
        match (&self.next, &self.former) {
            (Some(_), _) => Phase::Overlap,
            (None, Some(_)) => Phase::Reissue,
            (None, None) => Phase::Steady,
        }
    }

    /// Name of the present authority, as leaves record it.
    pub fn issuer(&self) -> String {
        sha256(&self.present.pair.certificate)
    }
}

/// What each node that runs with the admin service has in use: SHA-256 of `tls.crt` and `ca.crt`; `None` where
/// it did not answer.
pub type Reports = BTreeMap<NodeId, Option<(String, String)>>;

/// The next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// An authority: there is none that can be used.
    Found,
    /// A successor of the authority, made known beside it.
    Announce,
    /// The successor issues from now on.
    Succeed,
    /// The former authority is trusted no more.
    Forget,
    /// A new certificate for the nodes, or a new `ca.crt`.
    Issue,
    /// None.
    Nothing,
}

/// What is needed next, `hosts` being those that the nodes have.
pub fn need(
    certificates: Option<&Certificates>,
    leaf: Option<&Leaf>,
    (hosts, reports): (&[String], &Reports),
    now: Timestamp,
) -> Need {
    let Some(all) = certificates else { return Need::Found };
    let left = |pem: &str| seconds_left(pem, now);
    let authority_left = left(&all.present.pair.certificate);
    if authority_left < EMERGENCY_SECONDS {
        // Nodes take changed files by themselves, whomever they trust by then.
        return Need::Found;
    }
    let Some(leaf) = leaf else { return Need::Issue };
    let (trust, issuer) = (all.trust(), all.issuer());
    let is_due = left(&leaf.certificate) < i64::from(LEAF_DAYS) * DAY_SECONDS / 3;
    if leaf.trust != trust || leaf.issuer != issuer || leaf.hosts != hosts || is_due {
        return Need::Issue;
    }
    let all_report = |expected: (&str, &str)| {
        let has = |report: &Option<(String, String)>| {
            report
                .as_ref()
                .is_some_and(|(certificate, trust)| (certificate.as_str(), trust.as_str()) == expected)
        };
        reports.values().all(has)
    };
    let in_use = || all_report((&sha256(&leaf.certificate), &sha256(&trust)));
    match all.phase() {
        Phase::Overlap if in_use() => Need::Succeed,
        Phase::Reissue if in_use() => Need::Forget,
        Phase::Steady if authority_left < AUTHORITY_RENEWAL_DAYS * DAY_SECONDS => Need::Announce,
        Phase::Steady | Phase::Overlap | Phase::Reissue => Need::Nothing,
    }
}

// An authority outlives its renewal.
const _: () = assert!(AUTHORITY_RENEWAL_DAYS < AUTHORITY_DAYS as i64);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(days: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + days * DAY_SECONDS).unwrap()
    }

    fn hosts() -> Vec<String> {
        vec!["*.demo-nodes.kafka.svc".to_owned()]
    }

    /// The Secrets, and two nodes that take over what is in them when they are told to.
    struct World {
        certificates: Option<Certificates>,
        leaf: Option<Leaf>,
        reports: Reports,
        /// By day, what was done.
        story: Vec<(i64, Need)>,
    }

    impl World {
        fn new() -> World {
            let reports = Reports::from([(NodeId::at(0), None), (NodeId::at(1), None)]);
            World { certificates: None, leaf: None, reports, story: Vec::new() }
        }

        fn need(&self, day: i64) -> Need {
            need(self.certificates.as_ref(), self.leaf.as_ref(), (&hosts(), &self.reports), at(day))
        }

        fn step(&mut self, day: i64) -> Need {
            let need = self.need(day);
            let fresh = || Authority::found("demo", at(day)).unwrap();
            match need {
                Need::Found => {
                    self.certificates = Some(Certificates { present: fresh(), next: None, former: None });
                }
                Need::Announce => self.certificates.as_mut().unwrap().next = Some(fresh()),
                Need::Succeed => {
                    let all = self.certificates.as_mut().unwrap();
                    let next = all.next.take().unwrap();
                    all.former = Some(std::mem::replace(&mut all.present, next).pair.certificate);
                }
                Need::Forget => self.certificates.as_mut().unwrap().former = None,
                Need::Issue => {
                    let all = self.certificates.as_ref().unwrap();
                    self.leaf = Some(Leaf {
                        certificate: all.present.issue_for_nodes(&hosts(), at(day)).unwrap().certificate,
                        trust: all.trust(),
                        issuer: all.issuer(),
                        hosts: hosts(),
                    });
                }
                Need::Nothing => {}
            }
            if need != Need::Nothing {
                self.story.push((day, need));
            }
            need
        }

        fn take_over(&mut self, node: i32) {
            let leaf = self.leaf.as_ref().unwrap();
            let report = (sha256(&leaf.certificate), sha256(&leaf.trust));
            self.reports.insert(NodeId::at(node), Some(report));
        }

        fn settle(&mut self, day: i64) {
            for _ in 0..10 {
                if self.step(day) == Need::Nothing {
                    return;
                }
            }
            panic!("{:?}", self.story);
        }
    }

    #[test]
    fn a_new_cluster_gets_an_authority_and_a_certificate() {
        let mut world = World::new();
        world.settle(0);
        assert_eq!(world.story, [(0, Need::Found), (0, Need::Issue)]);
    }

    #[test]
    fn a_certificate_is_renewed_at_two_thirds_of_its_life() {
        let mut world = World::new();
        world.settle(0);
        assert_eq!(world.need(59), Need::Nothing);
        assert_eq!(world.need(61), Need::Issue);
    }

    #[test]
    fn an_authority_is_replaced_in_three_phases_each_waiting_for_every_node() {
        let mut world = World::new();
        world.settle(0);
        world.story.clear();
        let day = 1_825 - 179;
        // The leaf of day 0 is long due, too.
        world.settle(day);
        assert_eq!(world.story, [(day, Need::Issue), (day, Need::Announce), (day, Need::Issue)]);
        assert_eq!(world.certificates.as_ref().unwrap().phase(), Phase::Overlap);
        world.story.clear();
        world.take_over(0);
        world.settle(day);
        assert!(world.story.is_empty(), "node 1 does not trust the next authority yet: {:?}", world.story);
        world.take_over(1);
        world.settle(day);
        assert_eq!(world.story, [(day, Need::Succeed), (day, Need::Issue)]);
        assert_eq!(world.certificates.as_ref().unwrap().phase(), Phase::Reissue);
        world.story.clear();
        world.take_over(1);
        world.settle(day);
        assert!(
            world.story.is_empty(),
            "node 0 shows a certificate of the former authority: {:?}",
            world.story
        );
        world.take_over(0);
        world.settle(day);
        assert_eq!(world.story, [(day, Need::Forget), (day, Need::Issue)]);
        assert_eq!(world.certificates.as_ref().unwrap().phase(), Phase::Steady);
    }

    #[test]
    fn an_authority_that_ended_unseen_is_replaced_at_once() {
        let mut world = World::new();
        world.settle(0);
        world.story.clear();
        world.settle(1_900);
        assert_eq!(world.story, [(1_900, Need::Found), (1_900, Need::Issue)]);
    }

    #[test]
    fn what_an_operator_with_a_clock_ahead_has_issued_is_replaced_at_once() {
        let mut world = World::new();
        world.settle(400);
        world.story.clear();
        world.settle(0);
        assert_eq!(world.story, [(0, Need::Found), (0, Need::Issue)]);
    }

    #[test]
    fn other_hosts_need_another_certificate() {
        let mut world = World::new();
        world.settle(0);
        let hosts = ["*.other.svc".to_owned()];
        let needed = need(world.certificates.as_ref(), world.leaf.as_ref(), (&hosts, &world.reports), at(0));
        assert_eq!(needed, Need::Issue);
    }
}
