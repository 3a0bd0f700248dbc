#pragma once

namespace coroom::server {

/// Opens those of descriptors 0, 1 and 2 that are closed on /dev/null. Otherwise the next socket or database
/// would get such a number, and output would go to it. Must run before anything else is opened.
void open_standard_streams();

}  // namespace coroom::server
