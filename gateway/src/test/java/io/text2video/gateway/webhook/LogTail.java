package io.text2video.gateway.webhook;

import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** What the fleet's own classes and the HTTP client log from now on, DEBUG too. */
final class LogTail extends Handler implements AutoCloseable {
    private final Collection<String> messages = new ConcurrentLinkedQueue<>();
    private final Logger[] loggers = {Logger.getLogger("io.text2video"), Logger.getLogger("okhttp3")};

    LogTail() {
        setLevel(Level.ALL);
        for (Logger logger : loggers) {
            logger.setLevel(Level.FINE);
            logger.addHandler(this);
        }
    }

    String text() {
        return String.join("\n", messages);
    }

    @Override
    public void publish(LogRecord entry) {
        messages.add(
                ExtLogRecord.wrap(entry).getFormattedMessage() + (entry.getThrown() == null ? "" : entry.getThrown()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        for (Logger logger : loggers) {
            logger.removeHandler(this);
            logger.setLevel(null);
        }
    }
}
