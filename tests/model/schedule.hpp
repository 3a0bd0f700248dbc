#pragma once

#include <cstdint>
#include <string>

namespace coroom::model {

/// Plays one schedule, all of which its seed decides: who comes, says something, is cut off and comes back,
/// what the disk does, which thread goes on, and when the server crashes. Gives what went wrong; empty: all
/// was as it must be.
std::string play(std::uint64_t seed);

}  // namespace coroom::model
