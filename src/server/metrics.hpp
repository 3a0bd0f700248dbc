#pragma once

#include <coroom/counters.hpp>
#include <coroom/log.hpp>
#include <coroom/statistics.hpp>

#include <string>

namespace coroom::server {

/// Returns the state of the server in Prometheus' text format, version 0.0.4.
std::string metrics_text(const Statistics& statistics, const Counters& counters,
                         const logging::Unwritten& lines);

}  // namespace coroom::server
