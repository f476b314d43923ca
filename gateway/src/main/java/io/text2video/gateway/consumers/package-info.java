/**
 * Topics whose records are each taken by one gateway of a group, at a time of their own: one that is not due is handed over when it
 * is, and none is written again to wait.
 */
package io.text2video.gateway.consumers;
