package io.text2video.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

class SingleLineFilterTest {
    private static final String FORGED = "x\n2026-01-01T00:00:00.000Z ERROR [Forged] \u001b[2Jthe disk is gone";
    private static final Formatter FORMAT =
            new PatternFormatter("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p [%c{1}] %s%e%n");

    @Test
    void shouldLogAMessageWithForeignParametersInOneLine() {
        // Given a parameter that looks like a further line of the log
        var record = extended("model forgotten model=%s");
        record.setParameters(new Object[] {FORGED});

        // When it is logged
        String logged = logged(record);

        // Then it is one line, and says what the parameter was
        assertThat(logged).hasLineCount(1).endsWith("[Forged] \\u001b[2Jthe disk is gone" + System.lineSeparator());
        assertThat(logged).contains("model=x\\n2026-01-01");
    }

    @Test
    void shouldKeepAStackTraceReadableAndItsMessagesInLine() {
        // Given an exception with foreign messages at every place where one has messages
        var cause = new IllegalArgumentException(FORGED);
        var thrown = new IllegalStateException(FORGED, cause);
        thrown.addSuppressed(new IllegalStateException(FORGED));
        cause.addSuppressed(thrown);
        var record = extended("request failed");
        record.setThrown(thrown);

        // When it is logged
        String logged = logged(record);

        // Then its frames have lines, and nothing in it begins one
        assertThat(logged.stripTrailing().lines().skip(1))
                .allSatisfy(
                        line -> assertThat(line)
                                .matches(
                                        "\\s+at .*|\\s+\\.\\.\\. \\d+ more|\\s*(Caused by|Suppressed): .*|\\s*\\[CIRCULAR REFERENCE: .*"));
        assertThat(logged)
                .contains("IllegalStateException: x\\n2026", "Caused by: java.lang.IllegalArgumentException: x\\n2026")
                .contains("\tat io.text2video.process.SingleLineFilterTest.")
                .doesNotContain("\u001b");
    }

    @Test
    void shouldLeaveARecordOfOneLineAsItIs() {
        var thrown = new IllegalStateException("nothing special");
        var record = extended("job %s");
        record.setParameters(new Object[] {"1"});
        record.setThrown(thrown);

        assertThat(new SingleLineFilter().isLoggable(record)).isTrue();

        assertThat(record.getMessage()).isEqualTo("job %s");
        assertThat(record.getThrown()).isSameAs(thrown);
    }

    @Test
    void shouldEscapeRecordsOfJavasOwnLogging() {
        var record = new LogRecord(Level.INFO, "model {0}");
        record.setParameters(new Object[] {"{1}\nx"});

        assertThat(new SingleLineFilter().isLoggable(record)).isTrue();

        assertThat(new SimpleFormatter().formatMessage(record)).isEqualTo("model {1}\\nx");
    }

    private static ExtLogRecord extended(String message) {
        return new ExtLogRecord(
                Level.INFO, message, ExtLogRecord.FormatStyle.PRINTF, SingleLineFilterTest.class.getName());
    }

    private static String logged(ExtLogRecord record) {
        assertThat(new SingleLineFilter().isLoggable(record)).isTrue();
        return FORMAT.format(record);
    }
}
