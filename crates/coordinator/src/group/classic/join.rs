//! JoinGroup: a member hands in what it offers and waits for the generation.
//!
//! Who comes without a member id is given one, and (if dynamic, and its client knows that answer) told to
//! come back with it, so that a lost answer leaves no member behind (KIP-394).

use klamm_protocol::codec::MAX_STRING_LEN;
use klamm_protocol::messages::{JoinGroupRequest, JoinGroupResponse};
use klamm_protocol::{ErrorCode, Str};

use super::{JoinPhase, Member, Phase, Protocol, Turn, millis};
use crate::group::{FirstJoin, GroupEvent, JoinGroup, NEW_MEMBER_JOIN_TIMEOUT, RemovalCause};
use crate::machine::ReplyTo;

impl Turn<'_> {
    /// The whole of JoinGroup for a group that exists or was just made.
    pub(crate) fn join(&mut self, to: ReplyTo, command: &JoinGroup) {
        let id = &command.request.member_id;
        if !self.has_room_for(id) {
            if self.group.knows(id) {
                self.drop_member(id, RemovalCause::GroupFull);
            }
            self.refuse_join(to, "", ErrorCode::GroupMaxSizeReached);
            return;
        }
        let offered = command.request.protocols.iter().map(|protocol| &*protocol.name);
        if !self.group.accepts(&command.request.protocol_type, offered) {
            self.refuse_join(to, id, ErrorCode::InconsistentGroupProtocol);
        } else if id.is_empty() {
            self.join_unknown_member(to, command);
        } else {
            self.join_known_member(to, command);
        }
    }

    /// Whether the group's size limit leaves a place for `id`. In the join phase only those who have
    /// joined it count, so that the fastest get the places.
    fn has_room_for(&self, id: &str) -> bool {
        let known = self.group.members.get(id);
        match self.group.phase {
            Phase::Empty => true,
            Phase::Preparing(_) => {
                known.is_some_and(|member| member.awaiting_join.is_some())
                    || self.group.members.awaiting_join() < self.settings.max_size
            }
            Phase::Completing | Phase::Stable => {
                known.is_some() || self.group.members.len() < self.settings.max_size
            }
        }
    }

    fn join_unknown_member(&mut self, to: ReplyTo, command: &JoinGroup) {
        let id = command.new_member_id();
        if id.len() > MAX_STRING_LEN {
            // No answer and no record could carry it.
            self.refuse_join(to, "", ErrorCode::UnknownServerError);
            return;
        }
        if let Some(instance_id) = &command.request.group_instance_id {
            match self.group.members.static_member(instance_id).cloned() {
                Some(holder) => self.replace_static_member(to, command, &holder, id),
                None => self.admit(to, command, id),
            }
            return;
        }
        match command.first_join {
            FirstJoin::AdmitsAtOnce => self.admit(to, command, id),
            FirstJoin::HandsOutMemberId => {
                self.change().pending_join.insert(id.clone());
                self.set_heartbeat_timer(id.clone(), millis(command.request.session_timeout_ms));
                self.refuse_join(to, &id, ErrorCode::MemberIdRequired);
            }
        }
    }

    fn join_known_member(&mut self, to: ReplyTo, command: &JoinGroup) {
        let request = &command.request;
        let id = &request.member_id;
        if self.group.pending_join.contains(id) {
            match request.group_instance_id {
                None => self.admit(to, command, id.detached()),
                // Static members are never told to come back with an id.
                Some(_) => self.reply_join(to, unexpected()),
            }
            return;
        }
        let unchanged = match self.group.check_member(id, request.group_instance_id.as_deref()) {
            Ok(member) => offers(member, request),
            Err(error) => return self.refuse_join(to, id, error),
        };
        let why = |what: &str| format!("{what}; client reason: {}", client_reason(request));
        match self.group.phase {
            Phase::Preparing(_) => self.rejoin(to, request, why(&format!("member {id} joins"))),
            // A repeated request: the answer to the first one was lost.
            Phase::Completing if unchanged => self.repeat_joined(to, id),
            // Followers whose offer is the same learn the generation; a leader that joins wants a rebalance.
            Phase::Stable if unchanged && !self.group.is_leader(id) => self.repeat_joined(to, id),
            Phase::Stable if self.group.is_leader(id) => {
                self.rejoin(to, request, why(&format!("leader {id} joins again")));
            }
            Phase::Completing | Phase::Stable => {
                self.rejoin(to, request, why(&format!("member {id} changes its offer")));
            }
            Phase::Empty => self.refuse_join(to, id, ErrorCode::UnknownMemberId),
        }
    }

    fn repeat_joined(&mut self, to: ReplyTo, id: &str) {
        let response = self.joined(id);
        self.reply_join(to, response);
    }

    /// Takes a new member in; a dynamic one has [`NEW_MEMBER_JOIN_TIMEOUT`] until its first generation.
    fn admit(&mut self, to: ReplyTo, command: &JoinGroup, id: Str) {
        let request = &command.request;
        if let Phase::Preparing(JoinPhase::Initial { member_added, .. }) = &mut self.change().phase {
            *member_added = true;
        }
        let member = Member {
            id: id.clone(),
            instance_id: request.group_instance_id.as_ref().map(Str::detached),
            client_id: command.client.id.detached(),
            client_host: command.client.host.detached(),
            rebalance_timeout_ms: request.rebalance_timeout_ms,
            session_timeout_ms: request.session_timeout_ms,
            protocols: detached_protocols(request),
            assignment: bytes::Bytes::new(),
            awaiting_join: Some(to),
            awaiting_sync: None,
            is_new: true,
        };
        self.change().add(&request.protocol_type.detached(), member);
        self.set_heartbeat_timer(id.clone(), NEW_MEMBER_JOIN_TIMEOUT);
        self.event(GroupEvent::MemberAdded { group: self.group_id.clone(), member: id.clone() });
        self.rebalance_or_complete(format!("new member {id}; client reason: {}", client_reason(request)));
    }

    /// A member joins the round that runs, or begins one.
    fn rejoin(&mut self, to: ReplyTo, request: &JoinGroupRequest, reason: String) {
        self.renew_offer(to, &request.member_id, request);
        self.rebalance_or_complete(reason);
    }

    /// Takes over what a member says of itself, and has its answer wait.
    pub(super) fn renew_offer(&mut self, to: ReplyTo, id: &str, request: &JoinGroupRequest) {
        if let Some(member) = self.group.members.get(id)
            && let Some(superseded) = member.awaiting_join
        {
            self.refuse_join(superseded, id, ErrorCode::RebalanceInProgress);
        }
        self.change().members.update(id, |member| {
            member.protocols = detached_protocols(request);
            member.rebalance_timeout_ms = request.rebalance_timeout_ms;
            member.session_timeout_ms = request.session_timeout_ms;
            member.awaiting_join = Some(to);
        });
    }
}

fn offers(member: &Member, request: &JoinGroupRequest) -> bool {
    let offered = member.protocols.iter().map(|protocol| (&protocol.name, &protocol.metadata));
    offered.eq(request.protocols.iter().map(|protocol| (&protocol.name, &protocol.metadata)))
}

fn detached_protocols(request: &JoinGroupRequest) -> Vec<Protocol> {
    let detached = |metadata: &[u8]| bytes::Bytes::copy_from_slice(metadata);
    request
        .protocols
        .iter()
        .map(|offered| Protocol { name: offered.name.detached(), metadata: detached(&offered.metadata) })
        .collect()
}

pub(super) fn client_reason(request: &JoinGroupRequest) -> &str {
    request.reason.as_deref().filter(|reason| !reason.is_empty()).unwrap_or("not provided")
}

fn unexpected() -> JoinGroupResponse {
    JoinGroupResponse { error_code: ErrorCode::UnknownServerError.code(), ..JoinGroupResponse::default() }
}
