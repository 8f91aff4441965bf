//! Plans carried out in the world. What an act breaks is noted as harm.

use klamm_model::NodeId;

use super::{CLUSTER, FAR_BEHIND, NEWEST, Node, Stage, Topic, World};
use crate::{Action, Disruption, Founding, NodeRole, ObservedPartition, PartitionMove, Plan};

impl World {
    /// Carries out the first `most` steps of a plan, as a host that may die in between.
    pub(in crate::plan) fn carry_out(&mut self, plan: &Plan, most: usize) {
        let disruptive = plan.steps.iter().filter(|step| step.action.disruption() == Disruption::One).count();
        if disruptive > 1 {
            self.harm.push(format!("{disruptive} disruptive steps in one pass: {plan}"));
        }
        self.spread_due = plan.spread_due;
        for step in plan.steps.iter().take(most) {
            self.act(&step.action);
        }
    }

    fn note(&mut self, broken: bool, harm: impl Into<String>) {
        if broken {
            self.harm.push(harm.into());
        }
    }

    fn act(&mut self, action: &Action) {
        match action {
            Action::ChooseClusterId => {
                self.note(self.cluster_id.is_some(), "a second identity was chosen");
                self.cluster_id = Some(CLUSTER);
            }
            Action::FormatNode { node, role, founding, .. } => self.format(*node, *role, *founding),
            Action::StartNode { node, role } => self.start(*node, *role),
            Action::RestartNode { node } => self.restart(*node),
            Action::StopNode { node } => {
                self.note(self.hosts(*node), format!("node {node} was stopped with replicas on it"));
                let votes = self.voters.iter().any(|voter| voter.0 == *node);
                self.note(votes, format!("voter {node} was stopped for good"));
                self.stop(*node);
            }
            Action::DeleteVolumes { node } => {
                self.note(self.hosts(*node), format!("the volume of {node} was deleted with replicas on it"));
                self.nodes.remove(node);
            }
            Action::AddVoter { node, .. } => self.add_voter(*node),
            Action::RemoveVoter { node, directory_id } => {
                let rest: Vec<_> = self
                    .voters
                    .iter()
                    .copied()
                    .filter(|(id, directory)| !(id == node && directory == directory_id))
                    .collect();
                self.note(!self.has_majority(&rest), format!("no majority without voter {node}"));
                if !rest.is_empty() && self.leader.is_some() {
                    self.voters = rest;
                }
            }
            Action::Cordon { broker } => self.cordon(*broker, true),
            Action::Uncordon { broker } => self.cordon(*broker, false),
            Action::Reassign { moves } => moves.iter().for_each(|one| self.reassign(one)),
            Action::ElectPreferredLeaders { partitions } => {
                for (topic, number) in partitions {
                    let number = usize::try_from(*number).unwrap();
                    let partition = &mut self.topics.get_mut(topic).unwrap().partitions[number];
                    partition.leader = partition.replicas.first().copied();
                }
            }
            Action::UnregisterBroker { broker } => {
                let counts = self.brokers.get(broker).is_some_and(|known| !known.fenced);
                self.note(counts || self.is_up(*broker), format!("live broker {broker} was unregistered"));
                self.note(self.hosts(*broker), format!("broker {broker} was unregistered with replicas"));
                self.brokers.remove(broker);
            }
            Action::UnregisterController { controller } => self.unregister_controller(*controller),
            Action::FinalizeMetadataVersion { level } => self.finalize(*level),
            Action::ConfigureBrokers { set, remove } => {
                self.broker_config.extend(set.clone());
                self.broker_config.retain(|key, _| !remove.contains(key));
            }
            Action::CreateTopic { name, partitions, replication_factor, config } => {
                let topic = Topic { min_isr: 1, config: config.clone(), partitions: Vec::new() };
                self.topics.insert(name.clone(), topic);
                let factor = usize::try_from(replication_factor.unwrap_or(1)).unwrap();
                self.grow(name, usize::try_from(partitions.unwrap_or(1)).unwrap(), factor);
            }
            Action::GrowTopic { name, partitions } => {
                let factor = self.topics[name].partitions[0].target().len();
                self.grow(name, usize::try_from(*partitions).unwrap(), factor);
            }
            Action::DeleteTopic { name, .. } => {
                self.topics.remove(name);
            }
            Action::ConfigureTopic { name, set, remove } => {
                let config = &mut self.topics.get_mut(name).unwrap().config;
                config.extend(set.clone());
                config.retain(|key, _| !remove.contains(key));
            }
        }
    }

    fn unregister_controller(&mut self, id: NodeId) {
        let counts = self.voters.iter().any(|voter| voter.0 == id);
        let role = self.nodes.get(&id).and_then(|node| node.role);
        let runs = self.is_up(id) && role.is_some_and(NodeRole::is_controller);
        self.note(counts || runs, format!("live controller {id} was unregistered"));
        self.controllers.remove(&id);
    }

    fn finalize(&mut self, level: i16) {
        let spec = self.spec();
        let late = spec.nodes.iter().any(|node| !self.is_up(node.id));
        self.note(late, format!("level {level} was finalized while a node was away"));
        self.note(level <= self.finalized, format!("level {level} is no higher one"));
        self.finalized = level;
    }

    fn format(&mut self, id: NodeId, role: NodeRole, founding: Founding) {
        let formatted = self.nodes.get(&id).is_some_and(|node| node.directory.is_some());
        self.note(formatted, format!("node {id} was formatted again"));
        let directory = self.new_directory();
        let node =
            Node { directory: Some(directory), stage: Stage::Absent, role: Some(role), config: 0, lag: 0 };
        self.nodes.insert(id, node);
        if founding == Founding::Alone {
            self.note(self.has_run, format!("node {id} founded a second quorum"));
            self.voters = vec![(id, directory)];
            self.finalized = self.wish.metadata_version.unwrap_or(NEWEST);
        }
    }

    fn start(&mut self, id: NodeId, role: NodeRole) {
        let (ticks, config) = (u8::try_from(self.random.below(3)).unwrap(), self.wish.config);
        let Some(node) = self.nodes.get_mut(&id) else { return };
        if matches!(node.stage, Stage::Absent | Stage::Failed(_)) {
            node.role = Some(role);
            node.config = config;
            node.lag = FAR_BEHIND;
            node.stage = Stage::Starting(ticks);
        }
    }

    fn stop(&mut self, id: NodeId) {
        let ticks = u8::try_from(self.random.below(2)).unwrap();
        let Some(node) = self.nodes.get_mut(&id) else { return };
        if matches!(node.stage, Stage::Up | Stage::Starting(_)) {
            node.stage = Stage::Stopping(ticks);
        }
        if self.leader.is_some()
            && let Some(broker) = self.brokers.get_mut(&id)
        {
            broker.fenced = true;
        }
    }

    fn restart(&mut self, id: NodeId) {
        let spec = self.spec();
        let serves = |world: &World, other: NodeId| {
            let role = world.nodes.get(&other).and_then(|node| node.role);
            world.is_up(other) && role.is_none_or(|role| !role.is_broker() || world.broker_serves(other))
        };
        let others = spec.nodes.iter().map(|node| node.id).filter(|other| *other != id);
        let away: Vec<NodeId> = others.filter(|other| !serves(self, *other)).collect();
        self.note(!away.is_empty(), format!("node {id} was restarted while {away:?} are away"));
        let mut harm = Vec::new();
        for (name, topic) in &self.topics {
            for partition in topic.partitions.iter().filter(|one| one.isr.contains(&id)) {
                let left = partition.isr.iter().filter(|other| **other != id && self.is_up(**other)).count();
                if partition.target().len() > topic.min_isr && left < topic.min_isr {
                    harm.push(format!("{name} fell below min.insync.replicas by the restart of {id}"));
                }
                if left + 1 < partition.replicas.len() {
                    harm.push(format!("a second replica of {name} went by the restart of {id}"));
                }
            }
        }
        self.harm.append(&mut harm);
        let rest: Vec<_> = self.voters.iter().copied().filter(|voter| voter.0 != id).collect();
        let current = rest.iter().filter(|voter| self.is_current_voter(voter)).count();
        let votes = rest.len() < self.voters.len() && self.voters.len() > 1;
        self.note(votes && current <= self.voters.len() / 2, format!("no majority during restart of {id}"));
        self.stop(id);
    }

    fn add_voter(&mut self, id: NodeId) {
        let Some(directory) = self.nodes.get(&id).and_then(|node| node.directory) else { return };
        if self.leader.is_none() || self.voters.iter().any(|voter| voter.0 == id) {
            return;
        }
        let is_controller = self.nodes[&id].role.is_some_and(NodeRole::is_controller);
        self.note(!is_controller, format!("node {id} is to vote and is no controller"));
        self.note(self.nodes[&id].lag > 1_000, format!("voter {id} has not caught up"));
        self.voters.push((id, directory));
        let voters = self.voters.clone();
        self.note(!self.has_majority(&voters), format!("no majority with new voter {id}"));
    }

    fn cordon(&mut self, id: NodeId, cordoned: bool) {
        if let Some(broker) = self.brokers.get_mut(&id) {
            broker.cordoned = cordoned;
        }
    }

    fn reassign(&mut self, one: &PartitionMove) {
        let wanted = self.wish.topics.get(&one.topic).map(|(_, factor)| usize::try_from(*factor).unwrap());
        let known = one.replicas.iter().all(|id| self.brokers.contains_key(id));
        let rate = self.broker_config.get("follower.replication.throttled.rate").cloned();
        let Some(topic) = self.topics.get_mut(&one.topic) else { return };
        let listed = topic.config.get("follower.replication.throttled.replicas").cloned().unwrap_or_default();
        let partition = &mut topic.partitions[usize::try_from(one.partition).unwrap()];
        let fewest = wanted.unwrap_or(usize::MAX).min(partition.target().len());
        let mut distinct = one.replicas.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let present: Vec<NodeId> =
            partition.replicas.iter().copied().filter(|id| !partition.adding.contains(id)).collect();
        let is_listed =
            |id: &NodeId| listed.split(',').any(|pair| *pair == format!("{}:{id}", one.partition));
        let mut arrivals = one.replicas.iter().filter(|id| !present.contains(id));
        let free = self
            .wish
            .throttle
            .is_some_and(|wanted| rate != Some(wanted.to_string()) || !arrivals.all(is_listed));
        let wrong = one.replicas.len() < fewest || distinct.len() < one.replicas.len();
        if known {
            partition.replicas.retain(|id| !partition.adding.contains(id));
            let present = partition.replicas.clone();
            partition.adding = one.replicas.iter().copied().filter(|id| !present.contains(id)).collect();
            partition.removing = present.iter().copied().filter(|id| !one.replicas.contains(id)).collect();
            let going = present.into_iter().filter(|id| !one.replicas.contains(id));
            partition.replicas = one.replicas.iter().copied().chain(going).collect();
            let replicas = partition.replicas.clone();
            partition.isr.retain(|id| replicas.contains(id));
        }
        self.note(free, format!("{}-{} moves without its throttle", one.topic, one.partition));
        self.note(wrong, format!("{}-{} was given {:?}", one.topic, one.partition, one.replicas));
    }

    fn grow(&mut self, name: &str, count: usize, factor: usize) {
        let usable: Vec<NodeId> = self
            .brokers
            .keys()
            .copied()
            .filter(|id| self.broker_serves(*id) && !self.brokers[id].cordoned)
            .collect();
        if usable.len() < factor {
            if self.topics[name].partitions.is_empty() {
                self.topics.remove(name);
            }
            return;
        }
        while self.topics[name].partitions.len() < count {
            let first = self.random.below(usable.len());
            let replicas: Vec<NodeId> =
                (0..factor).map(|step| usable[(first + step) % usable.len()]).collect();
            let partition = ObservedPartition {
                leader: replicas.first().copied(),
                isr: replicas.clone(),
                replicas,
                ..ObservedPartition::default()
            };
            self.topics.get_mut(name).unwrap().partitions.push(partition);
        }
    }
}
