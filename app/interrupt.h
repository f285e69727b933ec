// Ctrl-C as a question that work asks, not as a death.
#pragma once

namespace deltarule::app {

/// From now on the first SIGINT or SIGTERM only sets a flag; the second one ends the program.
void catch_interrupts();

bool interrupted();

}  // namespace deltarule::app
