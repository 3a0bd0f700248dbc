#pragma once

namespace coroom::server {

/// Opens those of descriptors 0, 1 and 2 that are closed on /dev/null. Otherwise the next socket or database
/// would get the number, and read or write as if it were standard input, output or error. Before anything
/// else is opened.
void open_standard_streams();

}  // namespace coroom::server
