/** What every process of the fleet does, whatever it is: it ends at a second signal, and logs in whole lines. */
package io.text2video.process;
