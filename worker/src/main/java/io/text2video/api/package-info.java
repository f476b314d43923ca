/**
 * The engine as a library: a prompt to a video, in this process. It needs no fleet, no broker and no store, and starts nothing
 * of Quarkus or Kafka.
 *
 * <p>This package is the project's public Java API, under semantic versions: within a major version what is here stays, source
 * and binary. All other packages, {@code io.text2video.worker} with the rest of the engine among them, change with any
 * release. No type of theirs is in a signature here.
 */
package io.text2video.api;
