package io.text2video.gateway.deliveries;

import io.text2video.common.job.JobId;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.webhook.DeliveryStatus;
import io.text2video.common.webhook.WebhookAttempt;
import io.text2video.common.webhook.WebhookLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A job's logs in few bytes: 28 for a delivery, and 16 for each of its calls beside an error's words. Times are of a
 * millisecond; the host is left out.
 */
final class PackedLogs {
    private static final int NO_STATUS = 0;
    private static final long NEVER = Long.MIN_VALUE;

    private PackedLogs() {}

    static byte[] pack(List<WebhookLog> logs) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (WebhookLog log : logs) {
                out.writeByte(log.type().ordinal());
                out.writeByte(log.status().ordinal());
                out.writeInt(log.redeliveries());
                out.writeLong(log.time().toEpochMilli());
                out.writeLong(log.due() == null ? NEVER : log.due().toEpochMilli());
                out.writeShort(log.attempts().size());
                for (WebhookAttempt attempt : log.attempts()) {
                    out.writeLong(attempt.time().toEpochMilli());
                    out.writeShort(attempt.status() == null ? NO_STATUS : attempt.status());
                    out.writeInt((int) Math.min(attempt.durationMs(), Integer.MAX_VALUE));
                    out.writeUTF(attempt.error() == null ? "" : attempt.error());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static List<WebhookLog> unpack(JobId id, byte[] packed) {
        List<WebhookLog> logs = new ArrayList<>();
        try (var in = new DataInputStream(new ByteArrayInputStream(packed))) {
            while (in.available() > 0) {
                logs.add(log(id, in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return logs;
    }

    private static WebhookLog log(JobId id, DataInputStream in) throws IOException {
        WebhookEvent type = WebhookEvent.values()[in.readByte()];
        DeliveryStatus status = DeliveryStatus.values()[in.readByte()];
        int redeliveries = in.readInt();
        Instant time = Instant.ofEpochMilli(in.readLong());
        long due = in.readLong();
        int calls = in.readShort();
        List<WebhookAttempt> attempts = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            attempts.add(attempt(in));
        }
        return new WebhookLog(
                WebhookLog.VERSION,
                id,
                type,
                null,
                time,
                status,
                due == NEVER ? null : Instant.ofEpochMilli(due),
                redeliveries,
                attempts);
    }

    private static WebhookAttempt attempt(DataInputStream in) throws IOException {
        Instant time = Instant.ofEpochMilli(in.readLong());
        int status = in.readShort();
        int durationMs = in.readInt();
        String error = in.readUTF();
        return new WebhookAttempt(
                time, status == NO_STATUS ? null : (Integer) status, error.isEmpty() ? null : error, durationMs);
    }
}
