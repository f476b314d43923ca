/** What a generation takes on this machine: seconds per stage and memory. */
package io.text2video.standalone.bench;
