//! DeleteTopics, by name or by id. A client learns of a topic only what it may know.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::{TopicId, Uuid};
use klamm_protocol::messages::delete_topics_response::DeletableTopicResult;
use klamm_protocol::messages::{DeleteTopicsRequest, DeleteTopicsResponse, RemoveTopicRecord};
use klamm_protocol::{ErrorCode, Str};

use super::budget::{Budget, check_batch};
use super::view::View;
use super::{Append, DeleteTopics, DeleteTopicsAllowed, Outcome};
use crate::{ApiError, VersionedRecord};

/// What a request names, once what contradicts itself is answered.
#[derive(Default)]
struct Asked {
    names: BTreeSet<String>,
    ids: BTreeSet<Uuid>,
    twice: BTreeSet<Uuid>,
    answers: Vec<DeletableTopicResult>,
}

impl Asked {
    fn new(request: &DeleteTopicsRequest) -> Asked {
        let mut asked = Asked::default();
        let mut names: Vec<&Str> = request.topic_names.iter().collect();
        let mut ids = Vec::new();
        for topic in &request.topics {
            match (&topic.name, topic.topic_id.is_zero()) {
                (None, true) => {
                    asked.answer((None, Uuid::ZERO), &invalid("Neither topic name nor id were specified."))
                }
                (None, false) => ids.push(topic.topic_id),
                (Some(name), true) => names.push(name),
                (Some(name), false) => asked.answer(
                    (Some(name), topic.topic_id),
                    &invalid("You may not specify both topic name and topic id."),
                ),
            }
        }
        let mut twice = BTreeSet::new();
        for name in names {
            if !asked.names.insert(name.to_string()) {
                twice.insert(name.to_string());
            }
        }
        for id in ids {
            if !asked.ids.insert(id) {
                asked.twice.insert(id);
            }
        }
        for name in twice {
            asked.names.remove(&name);
            asked.answer((Some(&name), Uuid::ZERO), &invalid("Duplicate topic name."));
        }
        for id in asked.twice.clone() {
            asked.ids.remove(&id);
            asked.answer((None, id), &invalid("Duplicate topic id."));
        }
        asked
    }

    fn answer(&mut self, (name, topic_id): (Option<&str>, Uuid), error: &ApiError) {
        self.answers.push(DeletableTopicResult {
            name: name.map(Str::from),
            topic_id,
            error_code: error.code.code(),
            error_message: error.text(),
            ..DeletableTopicResult::default()
        });
    }
}

fn invalid(text: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequest, text)
}

impl View<'_> {
    pub(crate) fn delete_topics(&self, command: &DeleteTopics) -> Outcome<DeleteTopicsResponse> {
        if self.settings.delete_topics == DeleteTopicsAllowed::No {
            return Outcome::refuse(ApiError::plain(ErrorCode::TopicDeletionDisabled));
        }
        let mut asked = Asked::new(&command.request);
        let mut wanted = self.find_by_id(&mut asked, command);
        self.find_by_name(&mut asked, &mut wanted, command);
        let mut budget = Budget::new(command.quota);
        let mut records = Vec::new();
        for (id, name) in wanted {
            let topic = self.image().topics.by_id(id).expect("found above");
            match budget.take(topic.partition_count()) {
                Err(error) => asked.answer((Some(&name), id.get()), &error),
                Ok(()) => {
                    records.push(VersionedRecord::v0(RemoveTopicRecord {
                        topic_id: id.get(),
                        ..RemoveTopicRecord::default()
                    }));
                    asked.answer((Some(&name), id.get()), &ApiError::bare(ErrorCode::None));
                }
            }
        }
        if let Err(error) = check_batch(&records) {
            return Outcome::refuse(error);
        }
        let response = DeleteTopicsResponse { responses: asked.answers, ..DeleteTopicsResponse::default() };
        let mut outcome = Outcome::of(records, Append::Atomic, response);
        outcome.charged_partitions = budget.charged();
        outcome
    }

    fn find_by_id(&self, asked: &mut Asked, command: &DeleteTopics) -> BTreeMap<TopicId, String> {
        let mut wanted = BTreeMap::new();
        for id in asked.ids.clone() {
            let topic = TopicId::new(id).and_then(|id| self.image().topics.by_id(id));
            let Some(topic) = topic else {
                asked.answer((None, id), &ApiError::plain(ErrorCode::UnknownTopicId));
                continue;
            };
            let name = topic.name();
            if command.deletable.contains(name) {
                wanted.insert(topic.id(), name.to_string());
            } else {
                let shown = command.describable.contains(name).then_some(&**name);
                asked.answer((shown, id), &ApiError::plain(ErrorCode::TopicAuthorizationFailed));
            }
        }
        wanted
    }

    fn find_by_name(
        &self,
        asked: &mut Asked,
        wanted: &mut BTreeMap<TopicId, String>,
        command: &DeleteTopics,
    ) {
        for name in asked.names.clone() {
            let unauthorized = ApiError::plain(ErrorCode::TopicAuthorizationFailed);
            if !command.describable.contains(&name) {
                asked.answer((Some(&name), Uuid::ZERO), &unauthorized);
                continue;
            }
            let Some(id) = self.image().topics.id_of(&name) else {
                let unknown = ApiError::plain(ErrorCode::UnknownTopicOrPartition);
                asked.answer((Some(&name), Uuid::ZERO), &unknown);
                continue;
            };
            if !command.deletable.contains(&name) {
                asked.answer((Some(&name), Uuid::ZERO), &unauthorized);
            } else if asked.twice.contains(&id.get()) || wanted.insert(id, name.clone()).is_some() {
                asked.twice.insert(id.get());
                wanted.remove(&id);
                let text = "The provided topic name maps to an ID that was already supplied.";
                asked.answer((Some(&name), id.get()), &invalid(text));
            }
        }
    }
}
