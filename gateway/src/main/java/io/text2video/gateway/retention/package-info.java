/** Deletes what nobody needs any more: old jobs, and in the end what kept them from coming back. */
package io.text2video.gateway.retention;
