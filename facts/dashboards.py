"""What a document of Management Dashboard must have.

Source: the SDK's required attributes of `ManagementDashboardForImportExportDetails`,
`ManagementSavedSearchForImportDetails` and `ManagementDashboardTileDetails`. Widgets with metrics have no schema: their
form is that of the dashboards in oracle-quickstart/oci-o11y-solutions (knowledge-content, release of May 2026), where
the data source `monitoringDataSource` has a namespace and an MQL query.
"""

DASHBOARD_KEYS = (
    *("dashboardId", "providerId", "providerName", "providerVersion", "tiles", "displayName", "description"),
    *(
        "compartmentId",
        "isOobDashboard",
        "isShowInHome",
        "metadataVersion",
        "isShowDescription",
        "screenImage",
    ),
    *("nls", "uiConfig", "dataConfig", "type", "isFavorite", "savedSearches"),
)

SEARCH_KEYS = (
    *("id", "displayName", "providerId", "providerVersion", "providerName", "compartmentId"),
    *("isOobSavedSearch", "description", "nls", "type", "uiConfig", "dataConfig", "screenImage"),
    *("metadataVersion", "widgetTemplate", "widgetVM"),
)

TILE_KEYS = (
    *("displayName", "savedSearchId", "row", "column", "height", "width", "nls", "uiConfig", "dataConfig"),
    *("state", "drilldownConfig"),
)

COLUMNS = 12
"""Columns of a dashboard: the widest rows of Oracle's dashboards have 12."""
