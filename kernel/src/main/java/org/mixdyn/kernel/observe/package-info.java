/** What is measured along a trajectory, and the loop that measures it. */
package org.mixdyn.kernel.observe;
