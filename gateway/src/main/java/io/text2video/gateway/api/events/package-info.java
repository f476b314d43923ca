/** Live: streams of Server-Sent Events, of one job or of all. */
package io.text2video.gateway.api.events;
