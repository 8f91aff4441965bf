// Prints one line per step and counts those whose own assertions failed.
package compat;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.protocol.Errors;

final class Steps {
    final String bootstrap;
    final String prefix;
    private int failures;

    Steps(String bootstrap, String prefix) {
        this.bootstrap = bootstrap;
        this.prefix = prefix;
    }

    String topic(String name) {
        return prefix + "-" + name;
    }

    /** Runs a step; whatever it throws is a failed assertion, and the next step goes on. */
    void step(String name, Callable<String> body) {
        String result;
        try {
            result = body.call();
        } catch (Throwable failure) {
            failures++;
            result = "FAIL " + codeOf(failure) + ": " + String.valueOf(failure.getMessage());
            failure.printStackTrace();
        }
        System.out.println(name + "\t" + result.replaceAll("[\\t\\r\\n]+", " "));
    }

    /** A step this family cannot take, with the reason. */
    void skip(String name, String reason) {
        System.out.println(name + "\tskip: " + reason);
    }

    int failures() {
        return failures;
    }

    static void expect(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError(rule);
        }
    }

    static String expectEqual(Object expected, Object actual) {
        expect(expected.equals(actual), "expected " + expected + ", got " + actual);
        return String.valueOf(actual);
    }

    /** The code with which `body` is refused; an error where it is accepted or another code comes. */
    static String refused(Errors expected, Callable<?> body) {
        String code;
        try {
            code = "accepted: " + body.call();
        } catch (Throwable failure) {
            code = codeOf(failure);
        }
        return expectEqual(expected.name(), code);
    }

    /** The protocol's name of an error, or `client: Class` for one the client made itself. */
    static String codeOf(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException
                || cause.getClass() == org.apache.kafka.common.KafkaException.class) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        Errors error = Errors.forException(cause);
        return error == Errors.UNKNOWN_SERVER_ERROR ? "client: " + cause.getClass().getSimpleName() : error.name();
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    /** Polls until `condition` holds; the limit only bounds a failing run. */
    static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.holds()) {
            expect(System.nanoTime() < deadline, "waited too long until " + what);
            Thread.sleep(10);
        }
    }
}
