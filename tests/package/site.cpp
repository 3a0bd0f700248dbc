// A web site with a template, a static file and a cookie, and its client. The exit status is 0 if all three
// arrive.

#include <coroom/testing.hpp>
#include <coroom/web_site.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <system_error>
#include <unistd.h>

namespace fs = std::filesystem;

class PageHandler final : public coroom::RequestHandler {
  coroom::task<> get() override {
    set_cookie("user", "alice");
    render("page.html", {{"name", "<alice>"}});
    co_return;
  }
};

/// A folder with the files of the site, for the duration of the test.
class SiteFolder {
 public:
  SiteFolder() : path_(fs::temp_directory_path() / ("coroom-site-" + std::to_string(getpid()))) {
    fs::create_directory(path_);
    std::ofstream(path_ / "page.html") << "<script src=\"{{static_url('page.js')}}\"></script>{{name}}";
    std::ofstream(path_ / "page.js") << "let x;";
  }
  SiteFolder(const SiteFolder&) = delete;
  SiteFolder& operator=(const SiteFolder&) = delete;
  ~SiteFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void expect(bool good, const char* what) {
  if (!good) throw coroom::testing::Failure(what);
}

void test_site() {
  const SiteFolder folder;
  coroom::testing::Server server(
      {coroom::route<PageHandler>("/")},
      {.site = coroom::web_site({.static_path = folder.path(), .template_path = folder.path()})});
  const auto page = server.get("/");
  const std::string before = "<script src=\"";
  const std::string behind = "\"></script>&lt;alice&gt;";
  expect(page.body.starts_with(before) && page.body.ends_with(behind), "the template is rendered");
  expect(page.headers.get("Set-Cookie") == "user=alice; Path=/", "the cookie is set");

  const std::string url = page.body.substr(before.size(), page.body.size() - before.size() - behind.size());
  expect(url.starts_with("/static/page.js?v="), "the URL of the file has a version");
  const auto script = server.get(url);
  expect(script.body == "let x;", "the file is served");
  expect(script.headers.get("Content-Type") == "text/javascript; charset=utf-8", "the file has its type");
}

int main() {
  try {
    test_site();
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return EXIT_FAILURE;
  }
}
