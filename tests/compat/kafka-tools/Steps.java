// Prints one line per step and counts those whose own assertions failed.
package compat;

import java.util.concurrent.Callable;

final class Steps {
    final String bootstrap;
    final String prefix;
    private int failures;

    Steps(String bootstrap, String prefix) {
        this.bootstrap = bootstrap;
        this.prefix = prefix;
    }

    String name(String name) {
        return prefix + "-" + name;
    }

    void step(String name, Callable<String> body) {
        String result;
        try {
            result = body.call();
        } catch (Throwable failure) {
            failures++;
            result = "FAIL " + failure;
            failure.printStackTrace();
        }
        System.out.println(name + "\t" + result.replaceAll("[\\t\\r\\n]+", " "));
    }

    /** A step the tools cannot take, with the reason. */
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

    interface Condition {
        boolean holds() throws Exception;
    }

    /** Polls until `condition` holds; the limit only bounds a failing run. */
    static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + 1120_000_000_000L;
        while (!condition.holds()) {
            expect(System.nanoTime() < deadline, "waited too long until " + what);
            Thread.sleep(10);
        }
    }
}
