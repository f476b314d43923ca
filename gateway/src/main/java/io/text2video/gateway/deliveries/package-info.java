/** What became of the calls of webhooks: each job's log, and the hosts that fail, as read from {@code video.webhook-log}. */
package io.text2video.gateway.deliveries;
