#pragma once

#include <coroom/counters.hpp>
#include <coroom/log.hpp>
#include <coroom/statistics.hpp>

#include <string>

namespace coroom::server {

/// How the server stands, as Prometheus reads it (its text format, version 0.0.4).
std::string metrics_text(const Statistics& statistics, const Counters& counters,
                         const logging::Unwritten& lines);

}  // namespace coroom::server
