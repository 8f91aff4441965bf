// Runs the main class of a tool in this JVM, with streams of its own, until it would exit.
package compat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.Exit;

final class Tool {
    private static final Pattern ERROR = Pattern.compile("org\\.apache\\.kafka\\.(?:common\\.errors|clients\\.consumer)\\.(\\w+Exception)");

    /** How a tool ended and what it printed. */
    record Ended(int status, List<String> lines, String errors) {
        /** The lines that begin with one of these words, blanks between fields made one. */
        List<String> lines(String... words) {
            return lines.stream().filter(line -> Arrays.stream(words).anyMatch(line::startsWith)).toList();
        }

        /** The names of the broker's errors in all that was printed; texts are each system's own. */
        String refusal() {
            return "exit=" + status + " " + errorNames(String.join("\n", lines) + errors);
        }
    }

    /** The names of the broker's errors, and of the consumer's own, in what was printed. */
    static TreeSet<String> errorNames(String text) {
        TreeSet<String> names = new TreeSet<>();
        Matcher found = ERROR.matcher(text);
        while (found.find()) {
            names.add(found.group(1));
        }
        return names;
    }

    /** Thrown in the place of an exit. */
    private static final class Exited extends Error {
        Exited() {
            super(null, null, false, false);
        }
    }

    /** The first status a tool would have ended with: some catch what is thrown here and exit again. */
    private static Integer exit;

    static {
        Exit.setExitProcedure((status, message) -> leave(status));
        Exit.setHaltProcedure((status, message) -> leave(status));
    }

    private Tool() {}

    private static void leave(int status) {
        exit = exit == null ? Integer.valueOf(status) : exit;
        throw new Exited();
    }

    /** Runs a tool that speaks to the broker under test. */
    static Ended with(Steps steps, String mainClass, String input, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", steps.bootstrap));
        all.addAll(Arrays.asList(arguments));
        return run(mainClass, input, all.toArray(String[]::new));
    }

    static Ended run(String mainClass, String input, String... arguments) throws Exception {
        PrintStream out = System.out;
        PrintStream err = System.err;
        InputStream in = System.in;
        var printed = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        int status = 0;
        exit = null;
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
            Class.forName(mainClass).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException thrown) {
            if (!(thrown.getCause() instanceof Exited)) {
                status = 1;
                thrown.getCause().printStackTrace();
            }
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
        status = exit == null ? status : exit;
        List<String> lines = new ArrayList<>();
        printed.toString(StandardCharsets.UTF_8).lines()
                .map(line -> line.strip().replaceAll("\\s+", " ")).filter(line -> !line.isEmpty()).forEach(lines::add);
        String text = errors.toString(StandardCharsets.UTF_8);
        err.print(text);
        return new Ended(status, lines, text);
    }
}
