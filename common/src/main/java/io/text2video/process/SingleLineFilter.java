package io.text2video.process;

import io.quarkus.logging.LoggingFilter;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Keeps what a log tells of foreign values, such as a record's key or an exception's message, from looking like further lines
 * of the log. A message becomes one line; a stack trace keeps its lines, but each exception's message is one. Nothing is
 * filtered out. Thread-safe.
 */
@LoggingFilter(name = "single-line")
public final class SingleLineFilter implements Filter {
    /** Has the handlers that there are escape too, for a program that logs before Quarkus runs, or without it. */
    public static void install() {
        for (Handler handler : LogManager.getLogManager().getLogger("").getHandlers()) {
            handler.setFilter(new SingleLineFilter());
        }
    }

    @Override
    public boolean isLoggable(LogRecord record) {
        String message = message(record);
        String escaped = SingleLine.of(message);
        if (!escaped.equals(message)) {
            if (record instanceof ExtLogRecord extended) {
                extended.setMessage(escaped, ExtLogRecord.FormatStyle.NO_FORMAT);
            } else {
                record.setMessage(escaped);
                record.setResourceBundle(null);
            }
            record.setParameters(null);
        }
        if (record.getThrown() != null && isUnsafe(record.getThrown(), new IdentityHashMap<>())) {
            record.setThrown(EscapedThrowable.of(record.getThrown(), new IdentityHashMap<>()));
        }
        return true;
    }

    private static String message(LogRecord record) {
        String message = record instanceof ExtLogRecord extended
                ? extended.getFormattedMessage()
                : new SimpleFormatter().formatMessage(record);
        return message == null ? "" : message;
    }

    private static boolean isUnsafe(Throwable thrown, Map<Throwable, Boolean> seen) {
        if (thrown == null || seen.put(thrown, true) != null) {
            return false;
        }
        String text = thrown.toString();
        if (text != null && !text.equals(SingleLine.of(text)) || isUnsafe(thrown.getCause(), seen)) {
            return true;
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (isUnsafe(suppressed, seen)) {
                return true;
            }
        }
        return false;
    }

    /** Prints as the exception that it stands for, in one line, with the same frames below. */
    private static final class EscapedThrowable extends Throwable {
        private static final long serialVersionUID = 1L;

        private EscapedThrowable(Throwable original) {
            super(SingleLine.of(original.toString()));
            setStackTrace(original.getStackTrace());
        }

        static Throwable of(Throwable original, Map<Throwable, Throwable> seen) {
            Throwable known = seen.get(original);
            if (known != null) {
                return known;
            }
            var escaped = new EscapedThrowable(original);
            seen.put(original, escaped);
            if (original.getCause() != null) {
                escaped.initCause(of(original.getCause(), seen));
            }
            for (Throwable suppressed : original.getSuppressed()) {
                escaped.addSuppressed(of(suppressed, seen));
            }
            return escaped;
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }
}
