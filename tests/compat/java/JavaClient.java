// Apache's Java client through every step; arguments: bootstrap address, prefix of topics and groups.
package compat;

import org.apache.kafka.common.utils.internals.AppInfoParser;

public final class JavaClient {
    private JavaClient() {}

    public static void main(String[] arguments) {
        Steps steps = new Steps(arguments[0], arguments[1]);
        System.out.println("client\tkafka-clients " + AppInfoParser.getVersion());
        Clients clients = new Clients(steps.bootstrap);
        TopicSteps topics = new TopicSteps(steps, clients);
        topics.run();
        new ConfigSteps(steps, clients).run();
        new ProduceSteps(steps, clients).run();
        new ConsumeSteps(steps, clients).run();
        new GroupSteps(steps, clients).run();
        new GroupAdminSteps(steps, clients).run();
        new WireProduce(steps, clients).run();
        new WireFetch(steps, clients).run();
        new WireGroup(steps, clients).run();
        new WireAdmin(steps, clients).run();
        new WireLoggers(steps).run();
        topics.delete();
        clients.admin.close();
        System.exit(steps.failures() == 0 ? 0 : 1);
    }
}
