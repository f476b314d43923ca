/** How a job gets from its request to its one end, whoever works on it: attempts, ends, and what is told of them. */
package io.text2video.common.lifecycle;
