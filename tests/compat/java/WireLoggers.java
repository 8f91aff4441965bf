// Levels of loggers as configs of the broker (KIP-412). Both systems have the loggers `root` and `kafka.server`.
package compat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

final class WireLoggers {
    private static final String BROKER = "resourceType:8, resourceName:'1'";

    private final Steps steps;

    WireLoggers(Steps steps) {
        this.steps = steps;
    }

    void run() {
        String[][] resources = {{"nameless", ""}, {"other-broker", "99"}, {"no-number", "x"}};
        for (String[] one : resources) {
            steps.step("wire-loggers-describe-" + one[0], () -> describe("{resourceType:8, resourceName:'" + one[1] + "'}"));
            steps.step("wire-loggers-alter-" + one[0], () -> alter("resourceType:8, resourceName:'" + one[1] + "'",
                    "{name:'root', configOperation:0, value:'DEBUG'}", true));
        }
        steps.step("wire-loggers-unknown-key", () -> describe("{" + BROKER + ", configurationKeys:['no.such.logger']}"));
        steps.step("wire-loggers-set", () -> {
            List<String> levels = new ArrayList<>();
            for (String level : List.of("WARN", "DEBUG", "ERROR", "FATAL", "TRACE", "INFO")) {
                levels.add(alter(BROKER, "{name:'root', configOperation:0, value:'" + level + "'}", false) + " "
                        + describe("{" + BROKER + ", configurationKeys:['root']}"));
            }
            return String.join(" | ", levels);
        });
        steps.step("wire-loggers-set-validate-only", () -> alter(BROKER, "{name:'root', configOperation:0, value:'ERROR'}", true)
                + " " + describe("{" + BROKER + ", configurationKeys:['root']}"));
        String[][] changes = {{"unknown-logger", "{name:'no.such.logger', configOperation:0, value:'DEBUG'}"},
            {"unknown-level", "{name:'root', configOperation:0, value:'LOUD'}"},
            {"small-letters", "{name:'root', configOperation:0, value:'debug'}"},
            {"empty-level", "{name:'root', configOperation:0, value:''}"},
            {"null-level", "{name:'root', configOperation:0, value:null}"},
            {"append", "{name:'root', configOperation:2, value:'DEBUG'}"},
            {"subtract", "{name:'root', configOperation:3, value:'DEBUG'}"},
            {"unknown-operation", "{name:'root', configOperation:9, value:'DEBUG'}"},
            {"delete-root", "{name:'root', configOperation:1, value:null}"},
            {"delete-unknown", "{name:'no.such.logger', configOperation:1, value:null}"},
            {"twice", "{name:'root', configOperation:0, value:'DEBUG'}, {name:'root', configOperation:0, value:'INFO'}"},
            {"one-of-two", "{name:'root', configOperation:0, value:'ERROR'}, {name:'no.such.logger', configOperation:0, value:'DEBUG'}"}};
        for (String[] one : changes) {
            steps.step("wire-loggers-alter-" + one[0], () -> alter(BROKER, one[1], false));
        }
        steps.step("wire-loggers-unchanged-by-what-was-refused", () -> describe("{" + BROKER + ", configurationKeys:['root']}"));
        steps.step("wire-loggers-alter-all", () -> Wire.sweep(steps.bootstrap, ApiKeys.ALTER_CONFIGS, version -> Requests.of(
                ApiKeys.ALTER_CONFIGS, "{resources:[{" + BROKER + ", configs:[{name:'root', value:'DEBUG'}]}]}")));
    }

    /** Names and levels, or the error. */
    private String describe(String resource) throws Exception {
        try (Wire wire = new Wire(steps.bootstrap)) {
            var answer = (DescribeConfigsResponseData) wire.call(Requests.of(ApiKeys.DESCRIBE_CONFIGS,
                    "{includeSynonyms:true, includeDocumentation:true, resources:[" + resource + "]}"), 4);
            var result = answer.results().get(0);
            return result.errorCode() != 0 ? Errors.forCode(result.errorCode()) + " " + result.errorMessage()
                    : result.configs().toString();
        }
    }

    private String alter(String resource, String change, boolean validateOnly) throws Exception {
        return Wire.sweep(steps.bootstrap, ApiKeys.INCREMENTAL_ALTER_CONFIGS, version -> Requests.of(
                ApiKeys.INCREMENTAL_ALTER_CONFIGS, "{validateOnly:" + validateOnly + ", resources:[{" + resource + ", configs:["
                        + change + "]}]}"));
    }
}
