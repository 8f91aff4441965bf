// The main classes of the tools.
package compat;

final class Names {
    static final String PACKAGE = "org.apache.kafka.tools.";
    static final String TOPICS = PACKAGE + "TopicCommand";
    static final String CONFIGS = "kafka.admin.ConfigCommand";
    static final String GROUPS = PACKAGE + "consumer.group.ConsumerGroupCommand";
    static final String PRODUCER = PACKAGE + "ConsoleProducer";
    static final String CONSUMER = PACKAGE + "consumer.ConsoleConsumer";
    static final String OFFSETS = PACKAGE + "GetOffsetShell";
    static final String PERFORMANCE = PACKAGE + "ProducerPerformance";

    private Names() {}
}
