/**
 * What one gateway, the leader, does for all: it hands on what waits in the backlog, publishes the requests again that the queue has lost, and deletes what
 * nobody needs any more. Any other takes over when it is gone.
 */
package io.text2video.gateway.maintenance;
