/** The worker as a Quarkus application: configuration, start and stop, health, the command line. */
package io.text2video.worker.app;
