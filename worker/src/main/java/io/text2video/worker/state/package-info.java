/** What a generation leaves as it runs, and what another one goes on from. */
package io.text2video.worker.state;
