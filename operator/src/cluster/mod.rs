//! One pass over one KafkaCluster: observe, validate, plan, tell, act.

mod act;
mod apply;
mod diagnose;
mod farewell;
mod local;
mod pass;
mod preview;
mod status;
mod topic_pass;
mod volumes;

pub use diagnose::diagnose;
pub use pass::{Next, PassError, reconcile};
pub use preview::preview;
pub use status::{tell_refusal, tell_unreadable};
pub use topic_pass::{lone_topic, set_finalizer};

use std::sync::Arc;

use k8s_openapi::api::core::v1::ObjectReference;
use k8s_openapi::jiff::{Timestamp, Unit};
use kube::Client;
use kube::runtime::events::{Event, EventType, Recorder, Reporter};

use crate::metrics::Metrics;
use crate::nodes::NodeWire;
use crate::wire::Wire;

/// The field manager of all that the operator applies.
pub const MANAGER: &str = "klamm-operator";

/// Bytes that the API server takes of an event's note at most.
const LONGEST_NOTE: usize = 1_024;
/// ... of its action.
const LONGEST_ACTION: usize = 128;

/// What every pass needs.
pub struct Context {
    /// The API server.
    pub client: Client,
    /// The clusters.
    pub wire: Arc<dyn Wire>,
    /// Each node alone.
    pub nodes: Arc<dyn NodeWire>,
    /// Image of nodes where a spec names none.
    pub default_image: String,
    /// Only plans are made and logged; nothing is written.
    pub dry_run: bool,
    /// What is counted.
    pub metrics: Metrics,
    recorder: Recorder,
}

impl Context {
    /// A context whose events come from `instance`.
    pub fn new(
        client: Client,
        (wire, nodes): (Arc<dyn Wire>, Arc<dyn NodeWire>),
        default_image: String,
        instance: Option<String>,
    ) -> Context {
        let reporter = Reporter { controller: MANAGER.to_owned(), instance };
        let recorder = Recorder::new(client.clone(), reporter);
        Context { client, wire, nodes, default_image, dry_run: false, metrics: Metrics::default(), recorder }
    }

    /// Tells people what happened. That it could not be told stops nothing.
    pub(crate) async fn tell(&self, about: &ObjectReference, kind: EventType, reason: &str, note: String) {
        if self.dry_run {
            return;
        }
        let event = Event {
            type_: kind,
            reason: reason.to_owned(),
            // Events of one reason and action become one, with the note of the first: the action tells them apart.
            action: cut(&note, LONGEST_ACTION),
            note: Some(cut(&note, LONGEST_NOTE)),
            secondary: None,
        };
        if let Err(error) = self.recorder.publish(&event, about).await {
            tracing::info!(%error, reason, "an event could not be told");
        }
    }
}

/// As much of a text as has at most that many bytes.
fn cut(text: &str, bytes: usize) -> String {
    text[..text.floor_char_boundary(bytes)].to_owned()
}

/// The time of day in seconds, as conditions have it.
fn rfc3339(now: Timestamp) -> String {
    now.round(Unit::Second).unwrap_or(now).to_string()
}
