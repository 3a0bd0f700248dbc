// Ends with status 0 if the macros of the headers state the version of the package, PACKAGE_VERSION.

#include <coroom/version.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

#if COROOM_VERSION_MAJOR == 0 && COROOM_VERSION_MINOR < 2
#error "This program needs coroom 0.2 or newer."
#endif

int main() {
  const std::string numbers = std::to_string(COROOM_VERSION_MAJOR) + '.' +
                              std::to_string(COROOM_VERSION_MINOR) + '.' +
                              std::to_string(COROOM_VERSION_PATCH);
  std::cout << "headers " << COROOM_VERSION << " and " << numbers << ", package " << PACKAGE_VERSION << '\n';
  return numbers == COROOM_VERSION && numbers == PACKAGE_VERSION ? EXIT_SUCCESS : EXIT_FAILURE;
}
