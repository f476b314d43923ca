package io.text2video.gateway.commands;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.common.webhook.WebhookLog;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/** Has a webhook called once more, as somebody has asked for. */
@ApplicationScoped
public class Redelivery {
    private static final Logger LOG = Logger.getLogger(Redelivery.class);

    private final EndPublisher publisher;

    Redelivery(EndPublisher publisher) {
        this.publisher = publisher;
    }

    /**
     * Completes when the broker has the call, which is due at once; tries of it that are still to come are dropped when it is
     * made. Fails with {@link BrokerUnavailableException}.
     *
     * @param job as it stands, which is what the call tells
     * @param log of the calls before
     */
    public Uni<Void> redeliver(JobSnapshot job, WebhookLog log) {
        WebhookDelivery call = WebhookDelivery.byHand(job, log, Instant.now());
        return publisher
                .publish("the call", List.of(JobRecords.webhook(call)))
                .invoke(() -> LOG.infof(
                        "webhook to be called by hand job=%s type=%s",
                        job.id(), log.type().wireName()));
    }
}
