/** Traces by OpenTelemetry: spans of this program, and whose they are across topics, calls and the log. */
package io.text2video.trace;
