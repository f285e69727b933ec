// Writes the page of the tests' study: write_report FILE.html
#include <iostream>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/report/html.h"
#include "deltarule/report/report_fixture.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_report FILE.html\n";
    return 2;
  }
  try {
    const deltarule::Dataset data = deltarule::report_fixture::make_dataset();
    const deltarule::StudyResult study = deltarule::report_fixture::make_study(data);
    deltarule::replace_file(argv[1], deltarule::report_html(study, data));
  } catch (const deltarule::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
