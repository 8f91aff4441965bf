// Decides, replays and writes snapshots with Apache Kafka's own controller classes, so that ours can be compared
// with them. It lies in the controller's package, for most of these classes are known only there.
//
// Standard input is a run of questions: int32 length, one byte of operation, and the operation's bytes. Each gets
// an answer on standard output: int32 length, then bytes. A list of records is int32 count, then per record int32
// length and the framed record; a text is int16 length (-1 for null) and UTF-8.
//   'N'  a new, active controller with an empty log; int64 now                       -> nothing
//   'R'  records: append and replay them, and end the batch of the last command      -> nothing
//   'C'  int16 api key, int64 now, the request at its newest version: decide         -> outcome
//   'T'  byte task ('F'ence, 'B'alance, 'U'nclean), int64 now: decide                -> outcome
//   'S'  the image of all records so far as a snapshot                               -> records
//   'P'  int64 seed, int32 partitions, int16 factor, int32 count of brokers, each int32 id, byte fenced
//        -> byte 0 and per partition the int32 ids, or byte 1 and a text
//   'B'  a partition change, see `change`                                            -> records, one or none
// An outcome is byte 0, records, and the response at its newest version; or byte 1, int16 error code and a text.

package org.apache.kafka.controller;

import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.metadata.*;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AlterClientQuotasRequest;
import org.apache.kafka.common.requests.AlterClientQuotasResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreateAclsRequest;
import org.apache.kafka.common.requests.DeleteAclsRequest;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.image.writer.ImageWriterOptions;
import org.apache.kafka.image.writer.RecordListWriter;
import org.apache.kafka.metadata.FinalizedControllerFeatures;
import org.apache.kafka.metadata.LeaderRecoveryState;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.metadata.placement.ClusterDescriber;
import org.apache.kafka.metadata.placement.PlacementSpec;
import org.apache.kafka.metadata.placement.StripedReplicaPlacer;
import org.apache.kafka.metadata.placement.UsableBroker;
import org.apache.kafka.server.authorizer.AclCreateResult;
import org.apache.kafka.server.authorizer.AclDeleteResult;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.config.DefaultSupportedConfigChecker;
import org.apache.kafka.server.mutable.BoundedListTooLongException;
import org.apache.kafka.timeline.SnapshotRegistry;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

public final class MetadataOracle {
    private static final int NODE_ID = 3000;

    public static void main(String[] args) throws IOException {
        // Whatever else prints must not disturb the answers.
        PrintStream answers = System.out;
        System.setOut(System.err);
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(answers, 1 << 16));
        MetadataOracle oracle = new MetadataOracle();
        while (true) {
            byte[] question;
            try {
                question = in.readNBytes(in.readInt());
            } catch (EOFException end) {
                out.flush();
                return;
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            oracle.answer(ByteBuffer.wrap(question), new DataOutputStream(bytes));
            out.writeInt(bytes.size());
            bytes.writeTo(out);
            // Questions come one by one: each waits for its answer.
            out.flush();
        }
    }

    private static final class Clock implements Time {
        private long millis;

        @Override
        public long milliseconds() {
            return millis;
        }

        @Override
        public long nanoseconds() {
            return millis * 1_000_000;
        }

        @Override
        public void sleep(long ms) {
            millis += ms;
        }
    }

    private record Outcome(List<ApiMessageAndVersion> records, ApiMessage response) { }

    private final MetadataRecordSerde serde = new MetadataRecordSerde();
    private Clock clock;
    private FeatureControlManager features;
    private ClusterControlManager cluster;
    private ConfigurationControlManager configs;
    private ReplicationControlManager replication;
    private ProducerIdControlManager producerIds;
    private ClientQuotaControlManager quotas;
    private ScramControlManager scram;
    private AclControlManager acls;
    private final List<ApiMessageAndVersion> log = new ArrayList<>();
    private MetadataImage image;
    private OptionalInt shuttingDown = OptionalInt.empty();

    private void answer(ByteBuffer in, DataOutputStream out) throws IOException {
        switch (in.get()) {
            case 'N' -> start(in.getLong());
            case 'R' -> append(readRecords(in));
            case 'C' -> {
                ApiKeys key = ApiKeys.forId(in.getShort());
                clock.millis = in.getLong();
                ApiMessage request = key.messageType.newRequest();
                request.read(new ByteBufferAccessor(in), key.messageType.highestSupportedVersion(true));
                decide(out, key, () -> command(key, request));
            }
            case 'T' -> {
                byte task = in.get();
                clock.millis = in.getLong();
                decide(out, null, () -> new Outcome(task(task).records(), null));
            }
            case 'S' -> writeRecords(out, snapshot());
            case 'P' -> place(in, out);
            case 'B' -> writeRecords(out, change(in));
            default -> throw new IllegalArgumentException("unknown operation");
        }
    }

    private void start(long now) {
        clock = new Clock();
        clock.millis = now;
        log.clear();
        image = MetadataImage.EMPTY;
        shuttingDown = OptionalInt.empty();
        LogContext context = new LogContext();
        SnapshotRegistry registry = new SnapshotRegistry(context);
        features = new FeatureControlManager.Builder()
            .setSnapshotRegistry(registry)
            .setQuorumFeatures(new QuorumFeatures(NODE_ID, QuorumFeatures.defaultSupportedFeatureMap(false),
                List.of(NODE_ID)))
            .setClusterFeatureSupportDescriber(new ClusterFeatureSupportDescriber() {
                @Override
                public Iterator<Map.Entry<Integer, Map<String, org.apache.kafka.metadata.VersionRange>>> brokerSupported() {
                    return cluster.brokerSupportedFeatures();
                }

                @Override
                public Iterator<Map.Entry<Integer, Map<String, org.apache.kafka.metadata.VersionRange>>> controllerSupported() {
                    return cluster.controllerSupportedFeatures();
                }
            })
            .build();
        cluster = new ClusterControlManager.Builder()
            .setClusterId("cluster")
            .setTime(clock)
            .setSnapshotRegistry(registry)
            .setSessionTimeoutNs(9_000_000_000L)
            .setReplicaPlacer(new StripedReplicaPlacer(new Random(0)))
            .setFeatureControlManager(features)
            .setBrokerShutdownHandler((broker, clean, records) ->
                replication.handleBrokerShutdown(broker, clean, records))
            .build();
        configs = new ConfigurationControlManager.Builder()
            .setSnapshotRegistry(registry)
            .setKafkaConfigSchema(kafka.server.KafkaRaftServer.configSchema())
            .setNodeId(NODE_ID)
            .setFeatureControl(features)
            .setExistenceChecker(this::checkExists)
            .setSupportedConfigChecker(new DefaultSupportedConfigChecker())
            .build();
        replication = new ReplicationControlManager.Builder()
            .setSnapshotRegistry(registry)
            .setConfigurationControl(configs)
            .setClusterControl(cluster)
            .setFeatureControl(features)
            .setDefaultNumPartitions(2)
            .setDefaultReplicationFactor((short) 1)
            .build();
        producerIds = new ProducerIdControlManager.Builder()
            .setSnapshotRegistry(registry)
            .setClusterControlManager(cluster)
            .build();
        quotas = new ClientQuotaControlManager.Builder().setSnapshotRegistry(registry).build();
        scram = new ScramControlManager.Builder().setSnapshotRegistry(registry).build();
        acls = new AclControlManager.Builder().setSnapshotRegistry(registry).build();
        cluster.activate();
    }

    // The check of the controller around these classes, which is private to it.
    private void checkExists(ConfigResource resource) {
        if (resource.type() == ConfigResource.Type.TOPIC && replication.getTopicId(resource.name()) == null) {
            throw new UnknownTopicOrPartitionException("The topic '" + resource.name() + "' does not exist.");
        }
        if (resource.type() == ConfigResource.Type.BROKER && !resource.name().isEmpty()) {
            int id = Integer.parseInt(resource.name());
            if (!cluster.brokerRegistrations().containsKey(id) && id != NODE_ID
                    && !cluster.controllerRegistrations().containsKey(id)) {
                throw new BrokerIdNotRegisteredException("No node with id " + id + " found.");
            }
        }
    }

    private void append(List<ApiMessageAndVersion> records) {
        for (ApiMessageAndVersion record : records) {
            replay(record.message(), log.size());
            log.add(record);
        }
        image = image(image, records);
        shuttingDown.ifPresent(broker ->
            cluster.heartbeatManager().maybeUpdateControlledShutdownOffset(broker, log.size() - 1));
        shuttingDown = OptionalInt.empty();
    }

    private void replay(ApiMessage message, long offset) {
        switch (MetadataRecordType.fromId(message.apiKey())) {
            case REGISTER_BROKER_RECORD -> cluster.replay((RegisterBrokerRecord) message, offset);
            case UNREGISTER_BROKER_RECORD -> cluster.replay((UnregisterBrokerRecord) message);
            case TOPIC_RECORD -> replication.replay((TopicRecord) message);
            case PARTITION_RECORD -> replication.replay((PartitionRecord) message);
            case CONFIG_RECORD -> configs.replay((ConfigRecord) message);
            case PARTITION_CHANGE_RECORD -> replication.replay((PartitionChangeRecord) message);
            case FENCE_BROKER_RECORD -> cluster.replay((FenceBrokerRecord) message);
            case UNFENCE_BROKER_RECORD -> cluster.replay((UnfenceBrokerRecord) message);
            case REMOVE_TOPIC_RECORD -> replication.replay((RemoveTopicRecord) message);
            case FEATURE_LEVEL_RECORD -> features.replay((FeatureLevelRecord) message);
            case CLIENT_QUOTA_RECORD -> quotas.replay((ClientQuotaRecord) message);
            case PRODUCER_IDS_RECORD -> producerIds.replay((ProducerIdsRecord) message);
            case BROKER_REGISTRATION_CHANGE_RECORD -> cluster.replay((BrokerRegistrationChangeRecord) message);
            case ACCESS_CONTROL_ENTRY_RECORD -> acls.replay((AccessControlEntryRecord) message);
            case REMOVE_ACCESS_CONTROL_ENTRY_RECORD -> acls.replay((RemoveAccessControlEntryRecord) message);
            case USER_SCRAM_CREDENTIAL_RECORD -> scram.replay((UserScramCredentialRecord) message);
            case REMOVE_USER_SCRAM_CREDENTIAL_RECORD -> scram.replay((RemoveUserScramCredentialRecord) message);
            case REGISTER_CONTROLLER_RECORD -> cluster.replay((RegisterControllerRecord) message);
            case UNREGISTER_CONTROLLER_RECORD -> cluster.replay((UnregisterControllerRecord) message);
            case CLEAR_ELR_RECORD -> replication.replay((ClearElrRecord) message);
            default -> { }
        }
    }

    // As a node has it that loaded a snapshot: what was there before leaves no trace in the order of hash maps.
    private List<ApiMessageAndVersion> snapshot() {
        return write(image(MetadataImage.EMPTY, write(image)));
    }

    private MetadataImage image(MetadataImage before, List<ApiMessageAndVersion> records) {
        MetadataDelta delta = new MetadataDelta.Builder()
            .setImage(before)
            .setSupportedConfigChecker(new DefaultSupportedConfigChecker())
            .build();
        for (ApiMessageAndVersion record : records) {
            switch (MetadataRecordType.fromId(record.message().apiKey())) {
                case BEGIN_TRANSACTION_RECORD, END_TRANSACTION_RECORD -> { }
                default -> delta.replay(record.message());
            }
        }
        return delta.apply(new MetadataProvenance(log.size(), 1, 0, true));
    }

    private static List<ApiMessageAndVersion> write(MetadataImage image) {
        RecordListWriter writer = new RecordListWriter();
        image.write(writer, new ImageWriterOptions.Builder(image).setLossHandler(loss -> { }).build());
        return writer.records();
    }

    private interface Decision {
        Outcome decide() throws Exception;
    }

    private void decide(DataOutputStream out, ApiKeys key, Decision decision) throws IOException {
        try {
            Outcome outcome = decision.decide();
            out.writeByte(0);
            writeRecords(out, outcome.records);
            if (outcome.response != null) {
                short version = key.messageType.highestSupportedVersion(true);
                ByteBufferAccessor body = MessageUtil.toByteBufferAccessor(outcome.response, version);
                out.write(body.buffer().array(), 0, body.buffer().limit());
            }
        } catch (BoundedListTooLongException e) {
            writeError(out, new ApiError(Errors.POLICY_VIOLATION, "Unable to perform excessively large batch operation."));
        } catch (ApiException e) {
            writeError(out, new ApiError(Errors.forException(e), e.getMessage()));
        } catch (Exception e) {
            writeError(out, new ApiError(Errors.UNKNOWN_SERVER_ERROR, null));
        }
    }

    private static void writeError(DataOutputStream out, ApiError error) throws IOException {
        out.writeByte(1);
        out.writeShort(error.error().code());
        writeText(out, error.message());
    }

    private ControllerResult<Boolean> task(byte task) {
        return switch (task) {
            case 'F' -> replication.maybeFenceOneStaleBroker();
            case 'B' -> replication.maybeBalancePartitionLeaders();
            case 'U' -> replication.maybeElectUncleanLeaders();
            default -> throw new IllegalArgumentException("unknown task");
        };
    }

    private static <T> Outcome outcome(ControllerResult<T> result, ApiMessage response) {
        return new Outcome(result.records(), response);
    }

    private static Outcome direct(ControllerResult<? extends ApiMessage> result) {
        return new Outcome(result.records(), result.response());
    }

    private Outcome command(ApiKeys key, ApiMessage request) {
        ControllerRequestContext context = new ControllerRequestContext(
            new RequestHeaderData().setRequestApiVersion(key.latestVersion()), KafkaPrincipal.ANONYMOUS,
            OptionalLong.empty());
        MetadataVersion version = features.metadataVersionOrThrow();
        return switch (key) {
            case CREATE_TOPICS -> {
                CreateTopicsRequestData data = (CreateTopicsRequestData) request;
                Set<String> names = new HashSet<>();
                data.topics().forEach(topic -> names.add(topic.name()));
                yield direct(replication.createTopics(context, data, names, false));
            }
            case DELETE_TOPICS -> {
                List<Uuid> ids = new ArrayList<>();
                ((DeleteTopicsRequestData) request).topics().forEach(topic -> ids.add(topic.topicId()));
                ControllerResult<Map<Uuid, ApiError>> result = replication.deleteTopics(context, ids);
                DeleteTopicsResponseData response = new DeleteTopicsResponseData();
                result.response().forEach((id, error) -> response.responses().add(
                    new DeleteTopicsResponseData.DeletableTopicResult().setTopicId(id).setName(null)
                        .setErrorCode(error.error().code()).setErrorMessage(error.message())));
                yield outcome(result, response);
            }
            case CREATE_PARTITIONS -> {
                List<CreatePartitionsRequestData.CreatePartitionsTopic> topics = new ArrayList<>();
                ((CreatePartitionsRequestData) request).topics().forEach(topics::add);
                ControllerResult<List<CreatePartitionsResponseData.CreatePartitionsTopicResult>> result =
                    replication.createPartitions(context, topics);
                yield outcome(result, new CreatePartitionsResponseData().setResults(result.response()));
            }
            case ALTER_PARTITION -> direct(replication.alterPartition(context, (AlterPartitionRequestData) request));
            case ELECT_LEADERS -> direct(replication.electLeaders((ElectLeadersRequestData) request));
            case ALTER_PARTITION_REASSIGNMENTS -> direct(
                replication.alterPartitionReassignments((AlterPartitionReassignmentsRequestData) request));
            case LIST_PARTITION_REASSIGNMENTS -> new Outcome(List.of(), replication.listPartitionReassignments(
                ((ListPartitionReassignmentsRequestData) request).topics(), Long.MAX_VALUE));
            case ASSIGN_REPLICAS_TO_DIRS -> direct(
                replication.handleAssignReplicasToDirs((AssignReplicasToDirsRequestData) request));
            case BROKER_REGISTRATION -> {
                Map<String, Short> levels = new HashMap<>(features.finalizedFeatures(Long.MAX_VALUE).featureMap());
                levels.put("kraft.version", (short) 1);
                var result = cluster.registerBroker((BrokerRegistrationRequestData) request, log.size(),
                    new FinalizedControllerFeatures(levels, Long.MAX_VALUE), true);
                yield outcome(result, new BrokerRegistrationResponseData().setBrokerEpoch(result.response().epoch()));
            }
            case BROKER_HEARTBEAT -> heartbeat((BrokerHeartbeatRequestData) request);
            case UNREGISTER_BROKER -> outcome(
                replication.unregisterBroker(((UnregisterBrokerRequestData) request).brokerId()),
                new UnregisterBrokerResponseData());
            case CONTROLLER_REGISTRATION -> outcome(
                cluster.registerController((ControllerRegistrationRequestData) request),
                new ControllerRegistrationResponseData());
            case UNREGISTER_CONTROLLER -> outcome(
                cluster.unregisterController(((UnregisterControllerRequestData) request).controllerId()),
                new UnregisterControllerResponseData());
            case ALLOCATE_PRODUCER_IDS -> {
                AllocateProducerIdsRequestData data = (AllocateProducerIdsRequestData) request;
                var result = producerIds.generateNextProducerId(data.brokerId(), data.brokerEpoch());
                yield outcome(result, new AllocateProducerIdsResponseData()
                    .setProducerIdStart(result.response().firstProducerId())
                    .setProducerIdLen(result.response().size()));
            }
            case UPDATE_FEATURES -> updateFeatures((UpdateFeaturesRequestData) request);
            case INCREMENTAL_ALTER_CONFIGS -> incremental((IncrementalAlterConfigsRequestData) request);
            case ALTER_CONFIGS -> legacy((AlterConfigsRequestData) request);
            case ALTER_CLIENT_QUOTAS -> {
                AlterClientQuotasRequestData data = (AlterClientQuotasRequestData) request;
                var asked = new AlterClientQuotasRequest(data, key.latestVersion()).entries();
                var result = quotas.alterClientQuotas(asked);
                yield outcome(result, AlterClientQuotasResponse.fromQuotaEntities(result.response(), 0).data());
            }
            case ALTER_USER_SCRAM_CREDENTIALS -> direct(
                scram.alterCredentials((AlterUserScramCredentialsRequestData) request, version));
            case CREATE_ACLS -> createAcls((CreateAclsRequestData) request, version);
            case DELETE_ACLS -> deleteAcls((DeleteAclsRequestData) request);
            default -> throw new IllegalArgumentException("no such command: " + key);
        };
    }

    private Outcome heartbeat(BrokerHeartbeatRequestData request) {
        cluster.trackBrokerHeartbeat(request.brokerId(), request.brokerEpoch());
        OptionalLong registered = cluster.registerBrokerRecordOffset(request.brokerId());
        if (registered.isEmpty()) {
            throw new org.apache.kafka.common.errors.StaleBrokerEpochException(String.format(
                "Receive a heartbeat from broker %d before registration", request.brokerId()));
        }
        var result = replication.processBrokerHeartbeat(request, registered.getAsLong());
        var reply = result.response();
        if (reply.inControlledShutdown()) {
            shuttingDown = OptionalInt.of(request.brokerId());
        }
        return outcome(result, new BrokerHeartbeatResponseData().setIsCaughtUp(reply.isCaughtUp())
            .setIsFenced(reply.isFenced()).setShouldShutDown(reply.shouldShutDown()));
    }

    private Outcome updateFeatures(UpdateFeaturesRequestData request) {
        Map<String, Short> levels = new HashMap<>();
        Map<String, FeatureUpdate.UpgradeType> types = new HashMap<>();
        request.featureUpdates().forEach(update -> {
            types.put(update.feature(), FeatureUpdate.UpgradeType.fromCode(update.upgradeType()));
            levels.put(update.feature(), update.maxVersionLevel());
        });
        var result = configs.updateFeatures(levels, types, request.validateOnly(), 1);
        UpdateFeaturesResponseData response = new UpdateFeaturesResponseData()
            .setErrorCode(result.response().error().code());
        if (result.response().isFailure()) {
            response.setErrorMessage("The update failed for all features since the following feature had an error: "
                + result.response().message());
        } else {
            response.setErrorMessage(result.response().message());
        }
        return outcome(result, response);
    }

    private Outcome incremental(IncrementalAlterConfigsRequestData request) {
        Map<ConfigResource, Map<String, Map.Entry<OpType, String>>> changes = new LinkedHashMap<>();
        request.resources().forEach(resource -> {
            Map<String, Map.Entry<OpType, String>> ops = new HashMap<>();
            resource.configs().forEach(config -> ops.put(config.name(),
                new SimpleImmutableEntry<>(OpType.forId(config.configOperation()), config.value())));
            changes.put(new ConfigResource(ConfigResource.Type.forId(resource.resourceType()),
                resource.resourceName()), ops);
        });
        var result = configs.incrementalAlterConfigs(changes, false, false);
        IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
        result.response().forEach((resource, error) -> response.responses().add(
            new IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse()
                .setErrorCode(error.error().code()).setErrorMessage(error.message())
                .setResourceName(resource.name()).setResourceType(resource.type().id())));
        return outcome(request.validateOnly() ? result.withoutRecords() : result, response);
    }

    private Outcome legacy(AlterConfigsRequestData request) {
        Map<ConfigResource, Map<String, String>> changes = new LinkedHashMap<>();
        request.resources().forEach(resource -> {
            Map<String, String> values = new HashMap<>();
            resource.configs().forEach(config -> values.put(config.name(), config.value()));
            changes.put(new ConfigResource(ConfigResource.Type.forId(resource.resourceType()),
                resource.resourceName()), values);
        });
        var result = configs.legacyAlterConfigs(changes, false, false);
        AlterConfigsResponseData response = new AlterConfigsResponseData();
        result.response().forEach((resource, error) -> response.responses().add(
            new AlterConfigsResponseData.AlterConfigsResourceResponse()
                .setErrorCode(error.error().code()).setErrorMessage(error.message())
                .setResourceName(resource.name()).setResourceType(resource.type().id())));
        return outcome(request.validateOnly() ? result.withoutRecords() : result, response);
    }

    private Outcome createAcls(CreateAclsRequestData request, MetadataVersion version) {
        var bindings = request.creations().stream().map(CreateAclsRequest::aclBinding).toList();
        ControllerResult<List<AclCreateResult>> result = acls.createAcls(bindings, version);
        CreateAclsResponseData response = new CreateAclsResponseData();
        for (AclCreateResult created : result.response()) {
            var told = new CreateAclsResponseData.AclCreationResult();
            created.exception().ifPresent(e -> {
                ApiError error = ApiError.fromThrowable(e);
                told.setErrorCode(error.error().code()).setErrorMessage(error.message());
            });
            response.results().add(told);
        }
        return outcome(result, response);
    }

    private Outcome deleteAcls(DeleteAclsRequestData request) {
        var filters = new DeleteAclsRequest.Builder(request).build().filters();
        ControllerResult<List<AclDeleteResult>> result = acls.deleteAcls(filters);
        DeleteAclsResponseData response = new DeleteAclsResponseData();
        for (AclDeleteResult deleted : result.response()) {
            ApiError error = deleted.exception().map(ApiError::fromThrowable).orElse(ApiError.NONE);
            var told = new DeleteAclsResponseData.DeleteAclsFilterResult()
                .setErrorCode(error.error().code()).setErrorMessage(error.message());
            deleted.aclBindingDeleteResults().forEach(match -> {
                var pattern = match.aclBinding().pattern();
                var entry = match.aclBinding().entry();
                told.matchingAcls().add(new DeleteAclsResponseData.DeleteAclsMatchingAcl().setErrorMessage(null)
                    .setResourceType(pattern.resourceType().code()).setResourceName(pattern.name())
                    .setPatternType(pattern.patternType().code()).setPrincipal(entry.principal())
                    .setHost(entry.host()).setOperation(entry.operation().code())
                    .setPermissionType(entry.permissionType().code()));
            });
            response.filterResults().add(told);
        }
        return outcome(result, response);
    }

    private static void place(ByteBuffer in, DataOutputStream out) throws IOException {
        Random random = new Random(in.getLong());
        int partitions = in.getInt();
        short factor = in.getShort();
        List<UsableBroker> brokers = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            brokers.add(new UsableBroker(in.getInt(), Optional.empty(), in.get() != 0));
        }
        ClusterDescriber describer = new ClusterDescriber() {
            @Override
            public Iterator<UsableBroker> usableBrokers() {
                return brokers.iterator();
            }

            @Override
            public Uuid defaultDir(int broker) {
                return Uuid.ZERO_UUID;
            }
        };
        try {
            var placed = new StripedReplicaPlacer(random).place(new PlacementSpec(0, partitions, factor), describer);
            out.writeByte(0);
            for (var assignment : placed.assignments()) {
                for (int replica : assignment.replicas()) {
                    out.writeInt(replica);
                }
            }
        } catch (ApiException e) {
            out.writeByte(1);
            writeText(out, e.getMessage());
        }
    }

    // The partition as a record; int16 metadata.version, byte ELR, int32 min ISR, byte election (0 preferred,
    // 1 online, 2 unclean), lists of int32: brokers that can lead, target ISR, target replicas, target removing,
    // target adding, unclean brokers; byte recovery state; int32 broker or -1 and the uuid of its new directory.
    private List<ApiMessageAndVersion> change(ByteBuffer in) {
        PartitionRecord record = (PartitionRecord) readRecords(in).get(0).message();
        MetadataVersion version = MetadataVersion.fromFeatureLevel(in.getShort());
        boolean elr = in.get() != 0;
        int minIsr = in.getInt();
        PartitionChangeBuilder.Election election = PartitionChangeBuilder.Election.values()[in.get()];
        Set<Integer> leaders = new HashSet<>(readInts(in));
        PartitionChangeBuilder builder = new PartitionChangeBuilder(new PartitionRegistration(record),
            record.topicId(), record.partitionId(), leaders::contains, version, minIsr, elr);
        builder.setElection(election).setTargetIsr(readInts(in)).setTargetReplicas(readInts(in))
            .setTargetRemoving(readInts(in)).setTargetAdding(readInts(in));
        List<Integer> unclean = readInts(in);
        if (!unclean.isEmpty()) {
            builder.setUncleanShutdownReplicas(unclean);
        }
        builder.setTargetLeaderRecoveryState(LeaderRecoveryState.of(in.get()));
        builder.setDefaultDirProvider(broker -> new Uuid(7, broker));
        int moved = in.getInt();
        Uuid directory = new Uuid(in.getLong(), in.getLong());
        if (moved >= 0) {
            builder.setDirectory(moved, directory);
        }
        return builder.build().map(List::of).orElse(List.of());
    }

    private static List<Integer> readInts(ByteBuffer in) {
        List<Integer> list = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            list.add(in.getInt());
        }
        return list;
    }

    private List<ApiMessageAndVersion> readRecords(ByteBuffer in) {
        List<ApiMessageAndVersion> records = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            int length = in.getInt();
            ByteBuffer framed = in.slice(in.position(), length);
            in.position(in.position() + length);
            records.add(serde.read(new ByteBufferAccessor(framed), length));
        }
        return records;
    }

    private void writeRecords(DataOutputStream out, List<ApiMessageAndVersion> records) throws IOException {
        out.writeInt(records.size());
        for (ApiMessageAndVersion record : records) {
            ObjectSerializationCache cache = new ObjectSerializationCache();
            int size = serde.recordSize(record, cache);
            ByteBufferAccessor framed = new ByteBufferAccessor(ByteBuffer.allocate(size));
            serde.write(record, cache, framed);
            out.writeInt(size);
            out.write(framed.buffer().array(), 0, size);
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        if (text == null) {
            out.writeShort(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }
}
