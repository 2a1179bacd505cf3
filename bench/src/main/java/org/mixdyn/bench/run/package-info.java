/** From settings to results: the task, its dynamics, what was recorded of them, and the files that hold it. */
package org.mixdyn.bench.run;
