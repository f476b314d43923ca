/** Calling those who asked to be told when their job has ended, as Standard Webhooks says. */
package io.text2video.gateway.webhook;
